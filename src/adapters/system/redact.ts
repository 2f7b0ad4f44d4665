/**
 * Takes secrets out of what is logged, by the name of the key at any depth and by shape inside texts. Words, not
 * substrings: `apiSecret`, `X-BAPI-SIGN` and `session_token` are hidden, `signal` and `assigned` are not.
 */
const HIDDEN = '[redacted]';
const SECRET_WORDS = new Set([
  ...['secret', 'secrets', 'token', 'tokens', 'sign', 'signature', 'password', 'passwords', 'passphrase', 'pwd'],
  ...['authorization', 'cookie', 'cookies', 'credential', 'credentials', 'apikey', 'otp', 'totp', 'jwt'],
]);
/** Two words that mean a secret only together. */
const SECRET_PAIRS = new Set(['api key', 'private key', 'signing key', 'access key', 'bot key']);
const MAX_DEPTH = 8;
const MAX_TEXT = 4_000;

const SHAPES: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, `$1 ${HIDDEN}`],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, HIDDEN], // a JSON web token
  [/\bbot\d+:[\w-]+/g, `bot${HIDDEN}`], // Telegram puts its token into the path
  [
    /([?&"'\s;,{]|^)((?:[\w-]*[_-])?(?:secret|token|signature|sign|password|api_?key)"?)(\s*[=:]\s*"?)[^&"'\s;,}]+/gi,
    `$1$2$3${HIDDEN}`,
  ],
];

export function redact(value: unknown): unknown {
  return walk(value, 0, new Set());
}

function walk(value: unknown, depth: number, above: Set<object>): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'function' || typeof value === 'symbol') return String(typeof value);
  if (typeof value !== 'object' || value === null) return value;
  if (above.has(value)) return '[circular]';
  if (depth === MAX_DEPTH) return '[deep]';
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  above.add(value);
  const plain = walkObject(value, depth + 1, above);
  above.delete(value);
  return plain;
}

function walkObject(value: object, depth: number, above: Set<object>): unknown {
  if (value instanceof Date) return value.toJSON();
  if (Array.isArray(value) || value instanceof Set) return Array.from(value, (item) => walk(item, depth, above));
  const plain: Record<string, unknown> = {};
  for (const [name, item] of entriesOf(value)) plain[name] = isSecret(name) ? HIDDEN : walk(item, depth, above);
  return plain;
}

/** An error's own words are not enumerable. */
function entriesOf(value: object): Iterable<readonly [string, unknown]> {
  if (value instanceof Map) return [...value].map(([key, item]) => [String(key), item] as const);
  if (!(value instanceof Error)) return Object.entries(value);
  const { name, message, stack, cause } = value;
  return [
    ['name', name],
    ['message', message],
    ['stack', stack],
    ...(cause === undefined ? [] : [['cause', cause] as const]),
    ...Object.entries(value),
  ];
}

function isSecret(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  return words.some((word, i) => SECRET_WORDS.has(word) || SECRET_PAIRS.has(`${word} ${words[i + 1] ?? ''}`));
}

export function redactText(text: string): string {
  let clean = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
  for (const [shape, instead] of SHAPES) clean = clean.replace(shape, instead);
  return clean;
}
