import { err, ok, type Result } from '../domain/result.ts';

/**
 * A strict JSON reader that keeps every number literal as the text that was sent, so that an amount never passes
 * through a binary float. Beyond RFC 8259 it refuses what two readers could understand differently or what only an
 * attack sends: duplicate keys, `__proto__`, unpaired surrogates, deep nesting, very many keys or elements. Objects have no
 * prototype. Size is the caller's to bound.
 */
export const MAX_DEPTH = 20;
export const MAX_KEYS = 200;
export const MAX_ELEMENTS = 1000;

/** A number literal of the JSON grammar, digit for digit. */
export class JsonNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type JsonObject = { readonly [key: string]: JsonValue };
export type JsonValue = null | boolean | string | JsonNumber | readonly JsonValue[] | JsonObject;

export const isJsonObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof JsonNumber);

/** Where and why a text was refused. `path` names the field (`legs[1].price`), `at` is the offset in UTF-16 units. */
export type JsonProblem = Readonly<{ path: string; at: number; problem: string; allowed: string }>;

export function parseJson(text: string): Result<JsonValue, JsonProblem> {
  return new Reader(text).document();
}

/** Prints a path of keys and indexes as people write it: `routing.venues[0]`. */
export function pathText(path: readonly PropertyKey[]): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else text += text === '' ? String(part) : `.${String(part)}`;
  }
  return text;
}

const STOP = Symbol('refused');
type Stop = typeof STOP;

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const BARE_WORD = /[^\s,\]}[{":]{0,40}/y;
const HEX4 = /[0-9a-fA-F]{4}/y;
// biome-ignore format: a table
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t',
};

class Reader {
  readonly #text: string;
  #at = 0;
  readonly #path: (string | number)[] = [];
  #problem: JsonProblem | null = null;

  constructor(text: string) {
    this.#text = text;
  }

  document(): Result<JsonValue, JsonProblem> {
    const value = this.#value(0);
    if (value !== STOP) {
      this.#space();
      if (this.#at === this.#text.length) return ok(value);
      this.#refuse('there is text after the JSON value', 'one JSON value');
    }
    return err(this.#problem as JsonProblem);
  }

  #refuse(problem: string, allowed: string): Stop {
    this.#problem ??= { path: pathText(this.#path), at: this.#at, problem, allowed };
    return STOP;
  }

  #space(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.#at += 1;
    }
  }

  #value(depth: number): JsonValue | Stop {
    this.#space();
    switch (this.#text[this.#at]) {
      case '{':
        return depth === MAX_DEPTH ? this.#tooDeep() : this.#object(depth + 1);
      case '[':
        return depth === MAX_DEPTH ? this.#tooDeep() : this.#array(depth + 1);
      case '"':
        return this.#string();
      case undefined:
        return this.#refuse('the JSON text ends too early', 'one complete JSON value');
      default:
        return this.#literal();
    }
  }

  #tooDeep(): Stop {
    return this.#refuse('nested too deeply', `at most ${MAX_DEPTH} levels`);
  }

  /** A number, `true`, `false` or `null`: whatever stands up to the next delimiter, so that `1_000` is refused whole. */
  #literal(): JsonValue | Stop {
    BARE_WORD.lastIndex = this.#at;
    const word = BARE_WORD.exec(this.#text)?.[0] ?? '';
    if (word === 'true' || word === 'false' || word === 'null') {
      this.#at += word.length;
      return word === 'null' ? null : word === 'true';
    }
    NUMBER.lastIndex = this.#at;
    const number = NUMBER.exec(this.#text)?.[0];
    if (number === undefined) return this.#refuse(`${JSON.stringify(word)} is not a JSON value`, 'a JSON value');
    const next = this.#text.charCodeAt(this.#at + number.length);
    if (!endsLiteral(next)) {
      const problem = `${JSON.stringify(word)} is not a JSON number`;
      return this.#refuse(problem, 'digits, optionally a sign -, a decimal point and an exponent');
    }
    this.#at += number.length;
    return new JsonNumber(number);
  }

  #array(depth: number): JsonValue | Stop {
    const array: JsonValue[] = [];
    this.#at += 1;
    this.#space();
    if (this.#take(']')) return array;
    for (;;) {
      if (array.length === MAX_ELEMENTS) return this.#refuse('too many elements', `at most ${MAX_ELEMENTS}`);
      this.#path.push(array.length);
      const value = this.#value(depth);
      if (value === STOP) return STOP;
      array.push(value);
      const more = this.#more(']');
      if (more === STOP) return STOP;
      if (!more) return array;
    }
  }

  #object(depth: number): JsonValue | Stop {
    const object: Record<string, JsonValue> = Object.create(null);
    let count = 0;
    this.#at += 1;
    this.#space();
    if (this.#take('}')) return object;
    for (;;) {
      this.#space();
      const key =
        this.#text[this.#at] === '"'
          ? this.#string()
          : this.#refuse('a field name is missing', 'a name in double quotes');
      if (key === STOP) return STOP;
      this.#path.push(key);
      if (!this.#keyAllowed(object, key)) return STOP;
      count += 1;
      if (count > MAX_KEYS) return this.#refuse('too many fields', `at most ${MAX_KEYS}`);
      this.#space();
      if (!this.#take(':')) return this.#refuse('a colon is missing after the field name', ':');
      const value = this.#value(depth);
      if (value === STOP) return STOP;
      object[key] = value;
      const more = this.#more('}');
      if (more === STOP) return STOP;
      if (!more) return object;
    }
  }

  /** After an element: whether a comma announces another one. Leaves the element's path. */
  #more(end: ']' | '}'): boolean | Stop {
    this.#space();
    const more = this.#take(',');
    if (!more && !this.#take(end)) return this.#refuse('is followed by something unexpected', `, or ${end}`);
    this.#path.pop();
    return more;
  }

  #keyAllowed(object: Readonly<Record<string, JsonValue>>, key: string): boolean {
    if (key === '__proto__') this.#refuse('is not a field', 'documented fields only');
    else if (key in object) this.#refuse('is there twice', 'every field once');
    else return true;
    return false;
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #string(): string | Stop {
    let from = this.#at + 1;
    let read = '';
    let escaped = false;
    for (let at = from; ; at += 1) {
      const code = this.#text.charCodeAt(at);
      if (code === 0x22) {
        this.#at = at + 1;
        read += this.#text.slice(from, at);
        if (escaped && !read.isWellFormed()) return this.#refuse('has half of a surrogate pair', 'whole characters');
        return read;
      }
      if (code === 0x5c) {
        read += this.#text.slice(from, at);
        this.#at = at + 1;
        const character = this.#escape();
        if (character === STOP) return STOP;
        read += character;
        escaped = true;
        from = this.#at;
        at = from - 1;
      } else if (!(code >= 0x20)) {
        this.#at = at;
        const ended = Number.isNaN(code);
        return this.#refuse(ended ? 'a text is not closed' : 'a text has a control character', 'escapes such as \\n');
      }
    }
  }

  /** The character after a backslash; leaves the position behind it. */
  #escape(): string | Stop {
    const letter = this.#text[this.#at] ?? '';
    if (letter === 'u') {
      HEX4.lastIndex = this.#at + 1;
      const hex = HEX4.exec(this.#text)?.[0];
      if (hex === undefined) return this.#refuse('a \\u escape needs four hexadecimal digits', '\\u0041');
      this.#at += 5;
      return String.fromCharCode(Number.parseInt(hex, 16));
    }
    const character = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined;
    if (character === undefined)
      return this.#refuse('an escape is unknown', '\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u0041');
    this.#at += 1;
    return character;
  }
}

/** Space, tab, line end, comma, closing bracket or end of text. */
const endsLiteral = (code: number): boolean =>
  code === 0x2c ||
  code === 0x7d ||
  code === 0x5d ||
  code === 0x20 ||
  code === 0x0a ||
  code === 0x0d ||
  code === 0x09 ||
  Number.isNaN(code);
