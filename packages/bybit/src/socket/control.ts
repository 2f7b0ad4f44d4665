/**
 * What connections say about themselves, in Bybit's five dialects (docs/v5/ws/connect): public spot, public linear
 * and inverse, public option and spread, private, trade. One reader takes them all: they do not contradict each other.
 */
export type Control = Readonly<
  | { type: 'pong' }
  | { type: 'login'; accepted: boolean; code: number | null; message: string }
  /** Answer to subscribe or unsubscribe. Option and spread name topics instead of a request. */
  | {
      type: 'ack';
      op: 'subscribe' | 'unsubscribe' | null;
      reqId: string | null;
      accepted: boolean;
      message: string;
      succeeded: readonly string[];
      failed: readonly string[];
    }
  /** Answer to a command on the trade socket. */
  | { type: 'answer' }
  | { type: 'other' }
>;

export type Json = Readonly<Record<string, unknown>>;

/** 20001: already logged in, on the trade socket. */
const ALREADY_LOGGED_IN = 20001;

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

const topicsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((topic): topic is string => typeof topic === 'string') : [];

export function readControl(json: Json): Control {
  const op = json['op'];
  if (op === 'pong' || json['ret_msg'] === 'pong') return { type: 'pong' };
  if (op === 'auth') return login(json);
  if (op === 'subscribe' || op === 'unsubscribe') return ack(json, op);
  if (json['type'] === 'COMMAND_RESP') return ack(json, null);
  if (typeof json['retCode'] === 'number') return { type: 'answer' };
  return { type: 'other' };
}

/** Private sockets answer `success`, trade sockets `retCode`. */
function login(json: Json): Control {
  const code = typeof json['retCode'] === 'number' ? json['retCode'] : null;
  return {
    type: 'login',
    accepted: json['success'] === true || code === 0 || code === ALREADY_LOGGED_IN,
    code,
    message: textOf(json['ret_msg']) ?? textOf(json['retMsg']) ?? '',
  };
}

function ack(json: Json, op: 'subscribe' | 'unsubscribe' | null): Control {
  const listed = (json['data'] ?? {}) as Json;
  const failed = topicsOf(listed['failTopics']);
  return {
    type: 'ack',
    op,
    reqId: textOf(json['req_id']),
    accepted: json['success'] === true && failed.length === 0,
    message: textOf(json['ret_msg']) ?? '',
    succeeded: topicsOf(listed['successTopics']),
    failed,
  };
}
