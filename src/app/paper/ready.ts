import type { ExchangeInstrument } from '../../ports/exchange.ts';
import type { PaperAccount, RunningPaper } from './open.ts';

/** What programs read: every address, and the keys; a secret only where it was made just now. */
export function readyLine(paper: RunningPaper): object {
  const { rest, ws, host, port, accounts, keyFile, config } = paper;
  return {
    ready: true,
    rest,
    ws,
    host,
    port,
    control: config.control ? `${rest}/paper` : null,
    accounts: accounts.map(({ uid, apiKey, apiSecret }) => ({
      uid,
      apiKey,
      ...(apiSecret === null ? {} : { apiSecret }),
    })),
    keyFile,
  };
}

/** What people read. */
export function banner(paper: RunningPaper, dataDir: string | null): string {
  const { rest, ws, accounts, keyFile, config, exchange } = paper;
  const listed = CATEGORIES.map((category) => exchange.instruments(category));
  const first = listed.flat()[0];
  const lines = [
    'A Bybit V5 exchange with play money is open.',
    '',
    `  REST      ${rest}`,
    `  sockets   ${ws}/v5/public/{${CATEGORIES.join(',')}}  /v5/private  /v5/trade`,
    ...listed.flatMap((many, index) =>
      many.length === 0 ? [] : [`${index === 0 ? '  symbols ' : '          '}  ${shown(many)}`],
    ),
    ...config.replay.map(
      ({ file, atEnd }) => `  replays   ${file} (speed ${config.replaySpeed}, at its end: ${atEnd})`,
    ),
    ...accounts.map((account) => keyLine(account, keyFile)),
    ...(config.control ? [`  control   ${rest}/paper (this machine only)`] : []),
    `  data      ${dataDir ?? 'in memory: gone when this ends; --data DIR keeps it'}`,
    '',
    ...(first === undefined
      ? []
      : [`  curl '${rest}/v5/market/tickers?category=${first.category}&symbol=${first.symbol}'`, '']),
    'docs/paper.md shows how to point bybit-api, ccxt and pybit here. Ctrl-C ends it.',
  ];
  return `${lines.join('\n')}\n`;
}

const CATEGORIES = ['spot', 'linear', 'inverse', 'option'] as const;
const MOST_SHOWN = 6;

/** The first of a category by name, and how many more there are. */
function shown(many: readonly ExchangeInstrument[]): string {
  const names = many.slice(0, MOST_SHOWN).map(({ id }) => id);
  const more = many.length - names.length;
  return `${names.join(' ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function keyLine({ uid, apiKey, apiSecret }: PaperAccount, keyFile: string | null): string {
  const key = `  account   ${uid}  key ${apiKey}`;
  if (apiSecret !== null) return `${key}  secret ${apiSecret}${keyFile === null ? '' : `  (also in ${keyFile})`}`;
  return keyFile === null ? key : `${key}  (its secret is in ${keyFile})`;
}
