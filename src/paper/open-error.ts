/** Why an exchange does not open: every reason, with a stable code and a message that says what to do. */
export class PaperOpenError extends Error {
  override readonly name = 'PaperOpenError';
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
