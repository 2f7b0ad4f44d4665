// Listens for every documented push and reply and says how each differs.
import type { MemorySocket, Message } from '../../../src/adapters/bybit-server/testing/memory-network.ts';
import { differences } from '../../../src/adapters/bybit-server/testing/structure.ts';
import { documented, endpoints, type Json, nameOf, socketExample, topicPages } from './goldens.ts';
import { type Finding, needsRows } from './rest.ts';
import type { Scene } from '../../support/paper-scene.ts';
import { type Push, PUSHES, type Reply, REPLIES } from './socket-cases.ts';

const KEYED = new Set(['cumFeeDetail']);
/** Long enough for every topic that pushes by itself. */
const PATIENCE_MS = 1_500;

const isAccount = (path: string): boolean => path === '/v5/private' || path === '/v5/trade';

/** The fields that the page of a topic names: from the top or from the row, as the page likes. */
function fieldsOf(example: string): ReadonlyMap<string, string> {
  const page = topicPages().find(({ golden }) => golden.some((file) => nameOf(file) === example));
  // The page of the tickers keeps its table elsewhere; it names what the answers over REST have.
  const rest = page?.stem === 'ticker' ? endpoints().find(({ path }) => path === '/v5/market/tickers') : undefined;
  const rows = (rest?.responseFields ?? []).map((field) => ({ ...field, name: field.name.replace('list.', '') }));
  return new Map([...documented(page?.fields, ''), ...documented(page?.fields, 'data'), ...documented(rows, 'data')]);
}

/** A change of a book may be on one of its sides. */
const isSide = (path: string): boolean => path === 'data.a' || path === 'data.b';

/** In what the messages differ from the documented one: the one of them that is most like it. */
function compare(ours: readonly Message[], example: string): string[] {
  const { message, kind } = socketExample(example);
  const reading = {
    documented: fieldsOf(example),
    keyed: KEYED,
    needsRows: (path: string) => needsRows(path) && !(kind === 'delta' && isSide(path)),
  };
  const found = ours.map((one) => [...new Set(differences(one, message, '', reading))]);
  const [first, ...others] = found;
  if (first === undefined) return ['nothing came'];
  return others.reduce((least, one) => (one.length < least.length ? one : least), first);
}

const refusal = (ack: Message | undefined): string | null => {
  if (ack === undefined) return 'the subscription is not answered';
  const failed = (ack['data'] as Json | undefined)?.['failTopics'];
  if (ack['success'] === true && !(Array.isArray(failed) && failed.length > 0)) return null;
  return `not subscribed: ${ack['ret_msg'] ?? 'in failTopics'}`;
};

function isMeant(message: Message, { type, rows }: Push, topic: string): boolean {
  if (message['topic'] !== topic || (type !== undefined && message['type'] !== type)) return false;
  const list = message['data'];
  return rows === undefined || (Array.isArray(list) && list.some((row: Json) => row['category'] === rows));
}

async function listen(scene: Scene, push: Push): Promise<string[]> {
  const socket = await scene.venue.socket(push.path, isAccount(push.path) ? scene.key('trader') : null);
  if (socket === null) return ['no such socket'];
  const topic = scene.fill(push.topic);
  socket.say({ op: 'subscribe', args: [topic] });
  await scene.venue.advance(20);
  const [ack, ...rest] = socket.take();
  const problem = refusal(ack);
  if (problem !== null) return [problem.replaceAll(topic, push.topic)];
  await push.stir?.(scene);
  await scene.venue.advance(PATIENCE_MS, 100);
  const meant = [...rest, ...socket.take()].filter((message) => isMeant(message, push, topic));
  socket.terminate();
  return compare(meant, push.example);
}

/** What a reply says in words that are always the same. */
const WORDS = ['success', 'ret_msg', 'op', 'retCode', 'retMsg', 'type'];

const words = (ours: Json, example: Json): string[] =>
  WORDS.filter((key) => key in example && ours[key] !== example[key]).map(
    (key) => `${key} ${JSON.stringify(ours[key])}`,
  );

async function converse(scene: Scene, { example, path, say }: Reply): Promise<string[]> {
  const key = scene.key('trader');
  const socket: MemorySocket | null = await scene.venue.socket(path, isAccount(path) && say !== 'auth' ? key : null);
  if (socket === null) return ['no such socket'];
  scene.known.set('now', String(scene.venue.clock.now()));
  const message = say === 'auth' ? { op: 'auth', args: scene.venue.authArgs(key) } : say;
  socket.say(scene.fill(JSON.stringify(message)));
  await scene.venue.advance(20);
  const replies = socket.take().slice(0, 1);
  socket.terminate();
  return [...words(replies[0] ?? {}, socketExample(example).message), ...compare(replies, example)];
}

/** Every documented push and reply, on every kind of connection that has it. */
export async function findSockets(scene: Scene): Promise<readonly Finding[]> {
  const rows: Finding[] = [];
  const add = (path: string, where: string, example: string, found: string[]): void => {
    const own = /\.(spot|linear|inverse|option)$/.exec(where)?.[1];
    const category = own ?? path.slice('/v5/'.length).replace('public/', '');
    rows.push({ where, category, name: example, scope: 'socket', differences: found });
  };
  for (const reply of REPLIES) {
    const said = reply.say === 'auth' ? 'auth' : (reply.say as { op: string; args?: readonly unknown[] });
    const topic = typeof said === 'string' || said.op !== 'subscribe' ? '' : ` ${said.args?.[0]}`;
    add(
      reply.path,
      typeof said === 'string' ? said : `${said.op}${topic}`,
      reply.example,
      await converse(scene, reply),
    );
  }
  for (const push of PUSHES) add(push.path, push.topic, push.example, await listen(scene, push));
  return rows;
}

/** Documented messages that no case asks for: there are none. */
export function unasked(): string[] {
  const asked = new Set([...PUSHES, ...REPLIES].map(({ example }) => example));
  return topicPages()
    .flatMap(({ golden }) => golden.map(nameOf))
    .filter((name) => !name.includes('__request-') && !asked.has(name));
}
