// Categories of which an endpoint has no example: asked for the same, and compared with what the others show.
import { type Endpoint, endpoints, type Json, nameOf, restExample } from './goldens.ts';
import { type Finding, keysOf } from './rest.ts';
import { REST_REQUESTS } from './rest-requests.ts';
import type { Scene } from '../../support/paper-scene.ts';

const SYMBOLS: Readonly<Record<string, string>> = {
  spot: 'BTCUSDT',
  linear: 'BTCUSDT',
  inverse: 'BTCUSD',
  option: '$option',
};

/** Where the answer of a category has no rows by its nature, or its endpoint means another. */
const NONE: ReadonlySet<string> = new Set(['/v5/position/move-history']);

/** The query of a known example, in another category. */
function queryIn(category: string, name: string): string {
  const { query = {} } = restExample(name).request;
  const usual = Object.entries(query).map(([key, value]) => `${key}=${String(value)}`);
  const own = REST_REQUESTS[name]?.query ?? usual.join('&');
  const rest = own
    .split('&')
    .filter((pair) => !/^(category|symbol|currency|limit|start|end|startTime|endTime|baseCoin)=/.test(pair));
  const coin = category === 'option' && name.includes('fee-rate') ? ['baseCoin=BTC'] : [`symbol=${SYMBOLS[category]}`];
  return [`category=${category}`, ...coin, ...rest].filter((pair) => pair !== '').join('&');
}

async function findIn(scene: Scene, endpoint: Endpoint, category: string): Promise<Finding> {
  const [name = ''] = endpoint.golden.map(nameOf);
  const { json } = await scene.get(endpoint.auth ? 'trader' : null, endpoint.path, queryIn(category, name));
  const examples = endpoint.golden.map((file) => restExample(nameOf(file)).response);
  return {
    where: `GET ${endpoint.path}`,
    category,
    name,
    scope: 'category',
    differences:
      json['retCode'] === 0 ? keysOf(json as Json, examples, endpoint) : [`${json['retCode']} ${json['retMsg']}`],
  };
}

/** Every category of every core endpoint that reads, but those of the examples. */
export async function findCategories(scene: Scene): Promise<readonly Finding[]> {
  const rows: Finding[] = [];
  for (const endpoint of endpoints()) {
    if (endpoint.method !== 'GET' || endpoint.scope !== 'core' || NONE.has(endpoint.path)) continue;
    const shown = endpoint.golden.map((file) => nameOf(file).split('__')[1]);
    for (const category of endpoint.category) {
      if (!shown.includes(category)) rows.push(await findIn(scene, endpoint, category));
    }
  }
  return rows;
}
