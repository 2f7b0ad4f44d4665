import { ADMIN_EMAIL, firstAccount } from './first-start.ts';
import { curlLine } from './first-order.ts';
import type { Instance } from './instance.ts';

/** One line for programs: every address, and what a first order would be. */
export function readyLine(instance: Instance): Readonly<Record<string, unknown>> {
  const { url, environment, dir, paper, firstOrder, password } = instance;
  return {
    ready: true,
    environment,
    gateway: {
      url,
      docs: `${url}/docs`,
      openapi: `${url}/openapi.json`,
      ws: `${url.replace(/^http/, 'ws')}/ws`,
      health: `${url}/health/ready`,
    },
    paper: paper === null ? null : { rest: paper.rest, ws: paper.ws },
    data: dir,
    login: { email: ADMIN_EMAIL, ...(password === null ? {} : { password }) },
    first_order:
      firstOrder === null ? null : { quantity: firstOrder, curl: curlLine(url, firstOrder, ` --data ${dir}`) },
  };
}

/** What the banner tells of an instance. */
export type Shown = Pick<Instance, 'url' | 'environment' | 'dir' | 'firstOrder' | 'password'> &
  Readonly<{ paper: Readonly<{ rest: string }> | null; isConnected: boolean }>;

/** An instance that has a key for Bybit has nothing to be told about how to get one. */
export const isConnected = ({ gateway }: Instance): boolean =>
  gateway.registry.connection(firstAccount, gateway.external) !== null;

/** Which environment this is, so that nobody can miss it; for people who also start programs. */
export function headline({ environment, paper }: Pick<Shown, 'environment' | 'paper'>): string {
  switch (environment) {
    case 'mainnet':
      return framed('MAINNET: REAL MONEY', 'Orders that go to Bybit trade your own funds.');
    case 'testnet':
      return framed('TESTNET: no real money', 'Orders that go to Bybit go to its test exchange.');
    case 'demo':
      return framed('DEMO: no real money', 'Orders that go to Bybit go to its demo trading.');
    case 'paper':
      return paper === null
        ? 'OKD is running  (paper: play money, on the exchange that bybit.baseUrl names)'
        : 'OKD is running  (paper: play money, nothing leaves this machine)';
  }
}

function framed(...lines: readonly string[]): string {
  const width = Math.max(...lines.map((line) => line.length));
  const edge = '*'.repeat(width + 6);
  return ['OKD is running', '', edge, ...lines.map((line) => `*  ${line.padEnd(width)}  *`), edge].join('\n');
}

/** The same for people. */
export function banner(shown: Shown, dataOption: string | undefined): string {
  const { url, paper, firstOrder, password, dir } = shown;
  const login =
    password === null
      ? `${ADMIN_EMAIL}, with the password shown at the first start (okd user reset-password makes another)`
      : `${ADMIN_EMAIL}  password ${password}  (shown once)`;
  const option = dataOption === undefined ? '' : ` --data ${dataOption}`;
  const lines = [
    '',
    headline(shown),
    '',
    `  API        ${url}`,
    `  docs       ${url}/docs`,
    ...(paper === null ? [] : [`  Bybit V5   ${paper.rest}   (the built-in exchange)`]),
    `  sign in    ${login}`,
    `  data       ${dir}`,
    '',
    ...(firstOrder === null
      ? []
      : ['A first order, split over both venues:', '', `  ${curlLine(url, firstOrder, option)}`, '']),
    ...(shown.isConnected ? [] : connectLines(shown, option)),
    'Ctrl-C stops it.',
    '',
  ];
  return `${lines.join('\n')}\n`;
}

/** The secret stands in a file: on a command line it would stay in the history of the shell. */
const connectLines = ({ url, environment }: Shown, option: string): readonly string[] => [
  `Next: connect a key of Bybit ${environment} that may trade and may not withdraw. Put it in a file key.json,`,
  '',
  '  {"apiKey":"…","apiSecret":"…"}',
  '',
  'send it, and remove the file: the key is checked, then stored sealed.',
  '',
  `  curl -X POST ${url}/bybit/connect -H "Authorization: Bearer $(./bin/okd token${option})" ` +
    "-H 'Content-Type: application/json' -d @key.json",
  '',
];
