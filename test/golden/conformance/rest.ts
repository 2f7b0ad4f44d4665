// Asks the exchange for every documented REST answer and says how each differs.
import { differences } from '../../../src/adapters/bybit-server/testing/structure.ts';
import { documented, type Endpoint, endpoints, type Json, nameOf, type RestExample, restExample } from './goldens.ts';
import { REST_REQUESTS, type RestRequest } from './rest-requests.ts';
import type { Scene } from '../../support/paper-scene.ts';
import type { Answer } from '../../support/paper-venue.ts';

/** One documented answer, and in what ours is not like it. */
export type Finding = Readonly<{
  where: string;
  category: string;
  /** The example's. */
  name: string;
  scope: 'core' | 'extra' | 'category' | 'socket';
  differences: readonly string[];
}>;

/** Objects keyed by coin or by wallet: which keys there are is the account's matter. */
const KEYED = new Set(['cumFeeDetail', 'availableWithdrawalMap', 'withdrawableAmount']);

/** What an account need not have: extra fees of some countries, every permission. */
export const needsRows = (path: string): boolean => !/extraFees|permissions/.test(path);

/** Documented without an example: the table of fields is all there is. */
const WITHOUT_EXAMPLE = ['/v5/account/demo-apply-money', '/v5/user/create-demo-member'];

/** The documentation's own request, unless there is one that fits the scenario. */
function requestOf(example: RestExample, own: RestRequest | undefined): Readonly<{ query: string; body: Json }> {
  const { query, queryString, body, bodyVariants } = example.request;
  const pairs = Object.entries(query ?? {}).map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`);
  return {
    query: own?.query ?? queryString ?? pairs.join('&'),
    body: own?.body ?? body ?? bodyVariants?.[0]?.body ?? {},
  };
}

async function ask(scene: Scene, endpoint: Endpoint, name: string, example: RestExample): Promise<Answer> {
  const own = REST_REQUESTS[name];
  await own?.before?.(scene);
  const { query, body } = requestOf(example, own);
  const who = own?.as ?? 'trader';
  const answer =
    endpoint.method === 'GET'
      ? await scene.get(endpoint.auth ? who : null, endpoint.path, query)
      : await scene.post(who, endpoint.path, body);
  await scene.venue.advance(20);
  return answer;
}

/** Code and text first: a refusal has no shape to look at. */
function compare({ json, status }: Answer, { response }: RestExample, endpoint: Endpoint): string[] {
  if (json['retCode'] === undefined) return [`HTTP ${status}`];
  if (json['retCode'] !== response['retCode']) return [`${json['retCode']} ${json['retMsg']}`];
  const text = json['retMsg'] === response['retMsg'] ? [] : [`retMsg "${json['retMsg']}"`];
  const reading = { documented: documented(endpoint.responseFields, 'result'), keyed: KEYED, needsRows };
  // Some examples are cut off: every answer has its envelope.
  const whole = { retExtInfo: {}, time: 0, ...('result' in response ? {} : { result: {} }), ...response };
  return [...new Set([...text, ...differences(json, whole, '', reading)])];
}

/** In what an answer goes beyond what is documented of its endpoint: keys and types that nothing shows. */
export function keysOf(ours: Json, examples: readonly Json[], endpoint: Endpoint): string[] {
  const reading = { documented: documented(endpoint.responseFields, 'result'), keyed: KEYED, needsRows };
  const found = examples.map((example) => {
    const whole = { retExtInfo: {}, time: 0, ...example };
    // What one category shows, another may lack.
    return [...new Set(differences(ours, whole, '', reading))].filter((one) => !one.endsWith(': missing'));
  });
  return found.reduce((least, one) => (one.length < least.length ? one : least), found[0] ?? []);
}

/** Every documented answer to requests of one method. */
export async function findRest(scene: Scene, method: 'GET' | 'POST'): Promise<readonly Finding[]> {
  const rows: Finding[] = [];
  for (const endpoint of endpoints()) {
    if (endpoint.method !== method || endpoint.scope === 'deprecated') continue;
    for (const name of endpoint.golden.map(nameOf)) rows.push(await findOne(scene, endpoint, name));
    if (WITHOUT_EXAMPLE.includes(endpoint.path)) rows.push(await findBare(scene, endpoint));
  }
  return rows;
}

async function findOne(scene: Scene, endpoint: Endpoint, name: string): Promise<Finding> {
  const example = restExample(name);
  return found(endpoint, name, compare(await ask(scene, endpoint, name, example), example, endpoint));
}

async function findBare(scene: Scene, endpoint: Endpoint): Promise<Finding> {
  const name = `${endpoint.method.toLowerCase()}${endpoint.path.replaceAll('/', '_')}__default`;
  const example: RestExample = { request: {}, response: { retCode: 0 } };
  const { json, status } = await ask(scene, endpoint, name, example);
  const code = json['retCode'];
  return found(endpoint, name, code === 0 ? [] : [code === undefined ? `HTTP ${status}` : `${code} ${json['retMsg']}`]);
}

const found = (endpoint: Endpoint, name: string, differences: readonly string[]): Finding => ({
  where: `${endpoint.method} ${endpoint.path}`,
  category: categoryOf(name),
  name,
  scope: endpoint.scope === 'core' ? 'core' : 'extra',
  differences,
});

/** `default` says that the request has no category. */
const categoryOf = (name: string): string => {
  const [word = ''] = name.slice(name.indexOf('__') + 2).split('-');
  return word === 'default' ? '' : word;
};
