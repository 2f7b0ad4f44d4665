import { documentRoutes } from '../docs/document-routes.ts';
import type { Route } from '../route.ts';
import { authRoutes } from './auth.ts';
import { bybitRoutes } from './bybit.ts';
import { controlRoutes } from './control.ts';
import { healthRoutes } from './health.ts';
import { marketRoutes } from './market.ts';
import { orderRoutes } from './orders.ts';
import { walletRoutes } from './wallet.ts';

const API_ROUTES: readonly Route[] = [
  ...authRoutes,
  ...orderRoutes,
  ...walletRoutes,
  ...marketRoutes,
  ...bybitRoutes,
  ...controlRoutes,
  ...healthRoutes,
];

/** The route table: everything that this gateway answers over HTTP. */
export const routesOf = (version: string): readonly Route[] => [...API_ROUTES, ...documentRoutes(API_ROUTES, version)];
