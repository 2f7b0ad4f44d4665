import * as z from 'zod';
import { CLOSE_REASONS } from '../words.ts';
import { accepted, count, decimal, instrument, json, millis, mutation, part, word } from './fields.ts';

const NONE = {} as const;
const headers = { set: z.record(word, z.string()).default({}), remove: z.array(word).default([]) };
/** Orders that the venue ends: the exchange's own words for why (ports/exchange.ts, CloseReason). */
const reason = z.enum(CLOSE_REASONS);

/**
 * Everything that can be injected (reliability, table 1.1): injection point, action, the action's own fields. The
 * points of the gateway's own process, disk and database are not the exchange's.
 */
export const ACTIONS = {
  /** A request was read and is about to be, or was, carried out; nothing has been answered. */
  ACC: {
    /** Carried out; the answer waits. */
    hold: { ms: millis },
    /** Waits, and is carried out then. */
    delay: { ms: millis },
    /** Never answered; the link is cut after `ms`. */
    drop_reply: { ms: millis.default(600_000), accepted },
    /** The link is cut instead of an answer. */
    reset: { ms: millis.default(0), accepted },
    /** The exchange's process dies at once. */
    crash: { accepted },
    /** A text parameter is cut before the exchange sees it. */
    truncate_param: { param: word, length: count },
  },
  /** The reply. */
  RESP: {
    delay: { ms: millis },
    status: { status: z.int().min(200).max(599), contentType: word.default('text/html'), body: z.string(), accepted },
    /** With headers of HTTP that are set or missing besides. */
    ret_code: { retCode: z.int(), retMsg: z.string().default(''), accepted, ...headers },
    /** The first `length` characters; without it chance decides. */
    truncate: { length: count.exactOptional() },
    headers,
    /** The rows of `result.list` change places. */
    reorder: NONE,
    mutate: mutation,
    /** One row of a batch answers with a code; it was carried out all the same. */
    row_code: { index: count, code: z.int(), msg: z.string().default('') },
  },
  /** The matching engine. */
  MATCH: {
    /** The next order is acknowledged, then rejected. */
    reject: { reason: reason.default('admin') },
    /** Order created: it rests, then a stranger fills `part` of it. Amended or canceled: the fill is faster. */
    fill: { part: part.default(1), pieces: z.int().min(1).max(100).default(1) },
    /** Time between receipt and processing. */
    hold: { ms: millis },
    /** A change is acknowledged and never made. */
    ignore: NONE,
    /** The venue cancels an order as soon as it rests, after `part` of it was filled where that is given. */
    cancel: { reason: reason.default('admin'), part: part.exactOptional() },
    /** The venue cancels every working order that matches, now. */
    venue_cancel: { reason: reason.default('admin') },
    /** The venue takes a position (part) over: auto-deleveraging, or at the bankruptcy price. */
    adl: { qty: decimal.exactOptional() },
    bust: { qty: decimal.exactOptional() },
    /** Delivery or settlement of a contract, at its index where no price is given. */
    settle: { price: decimal.exactOptional() },
    /** Funding is due now. */
    funding: { rate: decimal.exactOptional() },
  },
  /** Messages of private streams. */
  PUB: {
    drop: NONE,
    delay: { ms: millis },
    duplicate: { afterMs: millis.default(0), count: z.int().min(1).max(1000).default(1) },
    /** This message and those of the same user that follow within the time go out in reverse order. */
    permute: { withinMs: millis },
    /** This message and those of the same topic that follow within the time go out as one. */
    batch: { withinMs: millis },
    mutate: mutation,
    empty_link: NONE,
  },
  /** What REST shows. */
  QRY: {
    /** Orders, executions or positions show up so much later. */
    lag: { ms: millis, what: z.array(z.enum(['order', 'execution', 'position'])).default(['order', 'execution']) },
    /** The answer of so many reads of the same request ago. */
    stale: { reads: z.int().min(1).max(10).default(1) },
    error: { retCode: z.int().default(10016), retMsg: z.string().default('Server error.') },
    reset: NONE,
    /** retCode 0 and no rows. */
    empty: NONE,
    /** Further pages begin with that many rows of the page before; below zero: that many of their own are missing. */
    page_shift: { rows: z.int().min(-200).max(200) },
    /** The next page's cursor is this page's. */
    repeat_cursor: NONE,
    /** The last page names a further one, which is empty. */
    extra_page: NONE,
    reorder: NONE,
    mutate: mutation,
    /** Rows that are older are gone. */
    retention: { ms: millis },
    /** Closed orders vanish from /v5/order/realtime, as when a service restarts. */
    clear_closed: NONE,
  },
  /** Messages of public streams. */
  MD: {
    /** One message is missing: a gap. */
    drop: NONE,
    delay: { ms: millis },
    duplicate: { afterMs: millis.default(0), count: z.int().min(1).max(1000).default(1) },
    permute: { withinMs: millis },
    mutate: mutation,
    /** Nothing more comes, while the link lives. */
    freeze: NONE,
    /** Every message comes so many times more. */
    flood: { count: z.int().min(1).max(1000) },
    /** A bid above the best ask, by so many ticks; 0 locks the book. */
    cross: { ticks: z.int().min(0).max(1_000_000).default(1) },
    /** A level is deleted that was never there. */
    delete_level: { price: decimal.exactOptional() },
    /** Tickers: fields are missing. */
    sparse: NONE,
    /** Order books begin again at `u` 1. */
    restart: NONE,
  },
  /** Links. */
  CONN: {
    /** Sockets that match are cut, now. */
    reset: NONE,
    /** Nothing flows, in neither direction; the link stays open. */
    half_open: NONE,
    /** New sockets are refused with the status, requests are cut. */
    refuse: { status: z.int().min(400).max(599).default(503) },
    slow: { ms: millis },
    /** Requests of the address are answered 403. */
    ban: { status: z.int().min(400).max(599).default(403), body: z.string().default('access too frequent') },
    /** More new sockets of one address than that are refused with 403. */
    budget: { limit: count, windowMs: millis.default(300_000) },
  },
  /** The server's clock, as clients see it. */
  CLK: {
    offset: { ms: z.int() },
    /** Like `offset`, for good. */
    step: { ms: z.int() },
    drift: { ppm: z.number().min(-1_000_000).max(1_000_000) },
    pause: NONE,
  },
  /** Instruments. */
  REF: {
    /** New terms, by the names of the configuration's `instruments`; those of before come back after `forMs`. */
    terms: { change: z.record(word, json) },
    /** No orders, only cancels. */
    halt: NONE,
    /** The same, by the status that clients see. */
    status: { status: z.enum(['trading', 'delivering', 'closed']) },
    /** Its end: orders canceled, status Closed. */
    delist: NONE,
    /** So many made-up symbols more. */
    crowd: { count: z.int().min(1).max(5000) },
  },
  /** Accounts. */
  ACCT: {
    /** What a key may do; null deletes it. */
    key: {
      apiKey: word,
      change: z
        .strictObject({
          apiSecret: word.exactOptional(),
          readOnly: z.boolean().exactOptional(),
          permissions: z.record(z.string(), z.array(z.string())).exactOptional(),
          ips: z.array(z.string()).exactOptional(),
          expiresAt: z.int().nullable().exactOptional(),
        })
        .nullable(),
    },
    /** Paid in; below zero: taken out. */
    balance: { asset: word, amount: decimal },
    fees: {
      spot: z.strictObject({ maker: decimal, taker: decimal }).exactOptional(),
      linear: z.strictObject({ maker: decimal, taker: decimal }).exactOptional(),
    },
    /** How many orders may work at once. */
    cap: { maxOpenOrders: z.int().min(1).max(100_000) },
    /** Position mode of a contract. */
    mode: { instrument, mode: z.enum(['one_way', 'hedge']) },
    /** An order that the account's own program knows nothing of. */
    order: {
      instrument,
      side: z.enum(['buy', 'sell']),
      qty: decimal,
      price: decimal.nullable().default(null),
      clientOrderId: word.nullable().default(null),
      count: z.int().min(1).max(5000).default(1),
    },
    cancel: { instrument: instrument.exactOptional() },
  },
} as const satisfies Record<string, Readonly<Record<string, z.core.$ZodShape>>>;

export type FaultPoint = keyof typeof ACTIONS;
export const POINTS = Object.keys(ACTIONS) as readonly FaultPoint[];

/** Carried out once, when they begin; all others wait for something to pass by. */
export const DEEDS: ReadonlySet<string> = new Set([
  'MATCH venue_cancel', 'MATCH adl', 'MATCH bust', 'MATCH settle', 'MATCH funding', 'QRY clear_closed', 'MD restart',
  'CONN reset',
  ...Object.keys(ACTIONS.REF).map((action) => `REF ${action}`),
  ...Object.keys(ACTIONS.ACCT).map((action) => `ACCT ${action}`),
]); // biome-ignore format: a table

/** True while their time lasts, whatever passes by. */
export const STATES: ReadonlySet<string> = new Set([
  'QRY lag',
  ...Object.keys(ACTIONS.CLK).map((action) => `CLK ${action}`),
]);

const REQUESTS = ['uid', 'instrument', 'category', 'on', 'connection', 'address'] as const;
/** By what a rule of each point can be narrowed. */
export const MATCHED_BY: Readonly<Record<FaultPoint, readonly string[]>> = {
  ACC: REQUESTS,
  RESP: REQUESTS,
  MATCH: ['uid', 'instrument', 'category', 'on'],
  PUB: ['uid', 'instrument', 'category', 'on'],
  QRY: REQUESTS,
  MD: ['instrument', 'category', 'on', 'type'],
  CONN: ['uid', 'on', 'connection', 'address'],
  CLK: [],
  REF: ['instrument', 'category'],
  ACCT: ['uid'],
};
