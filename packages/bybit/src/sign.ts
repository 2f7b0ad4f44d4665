/** Signatures of Bybit V5 (docs/v5/guide): what is signed, never how. The key itself stays inside the Signer. */

/** Signs synchronously: HMAC-SHA256 as lower-case hex, or RSA PKCS#1 v1.5 SHA-256 as base64 (`node.ts` has both). */
export interface Signer {
  sign(text: string): string;
}

/** An API key. The secret is closed over by the signer, so that printing this shows nothing. */
export type Credentials = Readonly<{ apiKey: string; signer: Signer }>;

/**
 * The text to sign for one REST request. `payload` is what goes on the wire, byte for byte: the query without the
 * question mark for GET, the body for POST, empty if there is none.
 */
export const restText = (timestampMs: number, apiKey: string, recvWindowMs: number, payload: string): string =>
  `${timestampMs}${apiKey}${recvWindowMs}${payload}`;

/** The text to sign when logging in to a private or trade socket; `expiresMs` must lie ahead of the venue's clock. */
export const loginText = (expiresMs: number): string => `GET/realtime${expiresMs}`;

/** The four authentication headers of one REST request. */
export function authHeaders(
  credentials: Credentials,
  timestampMs: number,
  recvWindowMs: number,
  payload: string,
): Record<string, string> {
  return {
    'X-BAPI-API-KEY': credentials.apiKey,
    'X-BAPI-TIMESTAMP': String(timestampMs),
    'X-BAPI-RECV-WINDOW': String(recvWindowMs),
    'X-BAPI-SIGN': credentials.signer.sign(restText(timestampMs, credentials.apiKey, recvWindowMs, payload)),
  };
}

/** `args` of the `auth` operation on private and trade sockets. */
export const loginArgs = (credentials: Credentials, expiresMs: number): readonly [string, number, string] => [
  credentials.apiKey,
  expiresMs,
  credentials.signer.sign(loginText(expiresMs)),
];
