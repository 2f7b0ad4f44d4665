// Who trades in the comparison, what they know of the exchange, and how they ask it.
import { type Answer, type Json, type Key, Venue } from './paper-venue.ts';

const EVERYTHING = {
  ContractTrade: ['Order', 'Position'],
  Spot: ['SpotTrade'],
  Options: ['OptionsTrade'],
  Wallet: ['AccountTransfer', 'SubMemberTransfer', 'SubMemberTransferList'],
  Exchange: ['ExchangeHistory'],
  Derivatives: ['DerivativesTrade'],
};
const BALANCES = {
  USDT: '5000000',
  USDC: '1000000',
  BTC: '100',
  ETH: '1000',
  SOL: '10000',
  BNB: '1000',
  XRP: '500000',
};
export const account = (uid: string, name: string) => ({
  uid,
  apiKey: `${name}-key`,
  apiSecret: `${name}-secret`,
  permissions: EVERYTHING,
  balances: BALANCES,
});

/**
 * `trader` is looked at, `maker` stands on the other side, `doomed` deletes its own key, `calm` never trades, `gambler` has
 * little and bets all of it, `loner` has margin of its own, and no ether.
 */
const ACCOUNTS = [
  account('1001', 'trader'),
  account('1002', 'maker'),
  account('1003', 'doomed'),
  account('1004', 'calm'),
  { ...account('1005', 'gambler'), balances: { USDT: '1000' } },
  { ...account('1006', 'loner'), balances: { USDT: '100000', BTC: '1' } },
];
export type Who = string;

/** An account of the configuration; its key is `{name}-key`, its secret `{name}-secret`. */
export type SceneAccount = Omit<ReturnType<typeof account>, 'balances'> & Json;

export class Scene {
  readonly venue: Venue;
  /** Words of requests that are known at run time only: ids, symbols with a date. */
  readonly known = new Map<string, string>();
  /** Steps of the scenario that the exchange refused. */
  readonly refused: string[] = [];
  #links = 0;

  private constructor(venue: Venue) {
    this.venue = venue;
  }

  static async open(accounts: readonly SceneAccount[] = ACCOUNTS, rateLimits: 'off' | 'bybit' = 'off'): Promise<Scene> {
    return new Scene(await Venue.open({ accounts }, rateLimits));
  }

  key = (who: Who): Key => ({ apiKey: `${who}-key`, apiSecret: `${who}-secret` });

  /** A client's own id that nobody used yet. */
  link(): string {
    this.#links += 1;
    return `link-${this.#links}`;
  }

  /** `$word` as it is known; a word that is not known yet stays as it is, and the exchange will refuse it. */
  fill(text: string): string {
    return text.replaceAll(/\$(\w+)/g, (whole, word: string) => this.known.get(word) ?? whole);
  }

  get(who: Who | null, path: string, query: string): Promise<Answer> {
    return this.venue.get(who === null ? null : this.key(who), path, this.fill(query));
  }

  post(who: Who, path: string, body: unknown): Promise<Answer> {
    return this.venue.post(this.key(who), path, this.fill(JSON.stringify(body)));
  }

  /** A step of the scenario; empty, and noted, where the exchange refuses it. */
  async act(who: Who, path: string, body: Json): Promise<Json> {
    const { json } = await this.post(who, path, body);
    await this.venue.advance(20);
    if (json['retCode'] === 0) return json['result'] as Json;
    const about = [body['category'], body['symbol'], body['orderType']].filter((word) => word !== undefined).join(' ');
    this.refused.push(`${path} ${this.named(about)}: ${json['retCode']} ${this.named(String(json['retMsg']))}`);
    return {};
  }

  /** The rows of an answer; none where it is refused. */
  async rows(path: string, query: string): Promise<readonly Json[]> {
    const { json } = await this.get(null, path, query);
    const list = (json['result'] as Json | undefined)?.['list'];
    return Array.isArray(list) ? (list as Json[]) : [];
  }

  /** Remembers a word of an answer, if it is there. */
  learn(word: string, value: unknown): void {
    if (typeof value === 'string' && value !== '') this.known.set(word, value);
  }

  /** Names that depend on the day as the scenario calls them, so that reports stay the same. */
  private named(text: string): string {
    let plain = text;
    for (const [word, value] of this.known) if (value.length > 6) plain = plain.replaceAll(value, `$${word}`);
    return plain;
  }
}
