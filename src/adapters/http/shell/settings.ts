/** What only exists where there is a real network: the same bounds everywhere, shorter times in tests. */
export type ShellSettings = Readonly<{
  /** From the first byte of a request to its last. */
  requestTimeoutMs: number;
  /** From the first byte of a request to the end of its headers. */
  headersTimeoutMs: number;
  /** How often both are looked at. */
  checkIntervalMs: number;
  keepAliveMs: number;
  /** More connections than this are not taken. */
  maxConnections: number;
  /** A socket that does not answer a ping within this is dead. */
  pingMs: number;
  /** How long requests in progress may go on when the server stops. */
  drainMs: number;
}>;

export const DEFAULT_SHELL_SETTINGS: ShellSettings = {
  requestTimeoutMs: 10_000,
  headersTimeoutMs: 10_000,
  checkIntervalMs: 1000,
  keepAliveMs: 60_000,
  maxConnections: 10_000,
  pingMs: 20_000,
  drainMs: 5000,
};

export const MAX_HEADER_BYTES = 16_384;
