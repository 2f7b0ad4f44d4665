/** Where a client connects. No trailing slash. */
export type Endpoints = Readonly<{
  rest: string;
  /** Public market data. */
  publicStream: string;
  /** Private topics. */
  privateStream: string;
  /** Order entry over a socket; null where the environment has none (demo). */
  tradeStream: string | null;
}>;

export type EnvironmentName = 'mainnet' | 'testnet' | 'demo';

/** A named environment, or the address of any V5 server (`rest` and `stream` without paths). */
export type Environment = EnvironmentName | Readonly<{ rest: string; stream: string }>;

const at = (rest: string, stream: string): Endpoints => ({
  rest,
  publicStream: stream,
  privateStream: stream,
  tradeStream: stream,
});

const NAMED: Readonly<Record<EnvironmentName, Endpoints>> = {
  mainnet: at('https://api.bybit.com', 'wss://stream.bybit.com'),
  testnet: at('https://api-testnet.bybit.com', 'wss://stream-testnet.bybit.com'),
  // Demo accounts trade against mainnet's market data and have no trade socket (docs/v5/demo).
  demo: {
    rest: 'https://api-demo.bybit.com',
    publicStream: 'wss://stream.bybit.com',
    privateStream: 'wss://stream-demo.bybit.com',
    tradeStream: null,
  },
};

export const endpointsOf = (environment: Environment): Endpoints =>
  typeof environment === 'string'
    ? NAMED[environment]
    : at(environment.rest.replace(/\/+$/, ''), environment.stream.replace(/\/+$/, ''));
