/** Exit codes of every command; stable, scripts branch on them. */
export const EXIT = { ok: 0, usage: 2, authentication: 3, denied: 4, venue: 5, degraded: 6 } as const;

/** Ends a command with a message for people and a stable code for programs. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly code: string;
  readonly exit: number;
  constructor(code: string, message: string, exit: number = EXIT.usage) {
    super(message);
    this.code = code;
    this.exit = exit;
  }
}
