import type { Environment } from '../../contract/bybit.ts';
import type { GatewayService } from '../../contract/service.ts';
import { AdminService } from './admin-service.ts';
import { ConnectionService } from './connection-service.ts';
import type { Gateway } from './gateway.ts';
import { MarketService } from './market-service.ts';
import { OperationService } from './operation-service.ts';
import { OrderService } from './order-service.ts';
import { RiskService } from './risk-service.ts';
import { WalletService } from './wallet-service.ts';

/** What stands behind the API, over one gateway. */
export const gatewayService = (gateway: Gateway, environment: Environment, version: string): GatewayService => ({
  orders: new OrderService(gateway),
  wallet: new WalletService(gateway),
  market: new MarketService(gateway),
  connection: new ConnectionService(gateway, environment),
  risk: new RiskService(gateway),
  admin: new AdminService(gateway),
  operation: new OperationService(gateway, environment, version),
  pushes: gateway.pushes,
});
