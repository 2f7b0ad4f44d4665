/**
 * What `"control": true` opens to programs on this machine, besides `/paper/faults` and `/paper/trace`, which are the
 * server's (adapters/bybit-server/control.ts). Amounts are decimal strings, instruments are `spot:BTCUSDT`. Answers
 * are `{}` where nothing else is said; what cannot be done is 400 with `{ error, code }`.
 */
import { createHash } from 'node:crypto';
import type * as z from 'zod';
import { type Command, type Control, type FaultError, invalid } from '../../adapters/bybit-server/index.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { ControlError, PaperExchange } from '../../paper/index.ts';
import * as bodies from './control-bodies.ts';
import { clockMover } from './move-clock.ts';
import { openAccount } from './open-account.ts';
import { plainJson } from './plain-json.ts';

type Commands = Readonly<Record<string, Command>>;
type Answer = Result<unknown, FaultError | ControlError>;

/** Hands a paper exchange to the server's control interface; `restartBooks`: of the server, at `u` 1. */
export function wireControl(exchange: PaperExchange, restartBooks: () => void = () => {}): Control {
  return {
    commands: {
      ...looks(exchange),
      ...marketDeeds(exchange),
      ...accountDeeds(exchange),
      ...time(exchange, restartBooks),
    },
  };
}

const looks = (exchange: PaperExchange): Commands => ({
  'GET ground-truth': command(bodies.nothing, () => ok(exchange.groundTruth())),
  'GET leaks': command(bodies.nothing, () => ok({ leaks: exchange.leaks() })),
  'GET hash': command(bodies.nothing, () => ok({ hash: hashOf(exchange) })),
  'GET replays': command(bodies.nothing, () => ok({ replays: exchange.control.replays() })),
});

const marketDeeds = ({ control }: PaperExchange): Commands => ({
  'POST trade': command(bodies.trade, async (order) => {
    const traded = await control.trade(order);
    return traded.ok ? ok({ traded: traded.value }) : traded;
  }),
  'POST fill': command(bodies.fill, async (order) => done(await control.fill(order))),
  'POST reference': command(bodies.reference, async ({ instrument, price }) =>
    done(await control.setReference(instrument, price)),
  ),
  'POST price-path': command(bodies.path, ({ instrument, points }) => done(control.pricePath(instrument, points))),
  'POST quoting': command(bodies.quoting, ({ instrument, quoting }) => done(control.setQuoting(instrument, quoting))),
  'POST instruments': command(bodies.instruments, async (body) => {
    if ('add' in body) {
      const added = await control.instruments.add(body.add);
      return added.ok ? ok({ instrument: added.value }) : added;
    }
    if ('delist' in body) return done(await control.instruments.delist(body.delist));
    return done(await control.instruments.change(body.change, body.terms));
  }),
  'POST halt': command(bodies.halt, ({ instrument }) => done(control.halt(instrument))),
  'POST resume': command(bodies.halt, ({ instrument }) => done(control.resume(instrument))),
});

const accountDeeds = ({ control }: PaperExchange): Commands => ({
  'POST deposit': command(bodies.deposit, async ({ uid, asset, amount }) =>
    done(await control.deposit(uid, asset, amount)),
  ),
  'POST accounts': command(bodies.account, (body) => openAccount(control, body)),
  'POST key': command(bodies.key, ({ apiKey, change }) => done(control.setKey(apiKey, change))),
});

const time = (exchange: PaperExchange, restartBooks: () => void): Commands => {
  const move = clockMover(exchange);
  const { saved } = exchange.control;
  return {
    'POST clock': command(bodies.clock, async (body) => {
      const now = await move('advance_ms' in body ? { advanceMs: body.advance_ms } : { toMs: body.to_ms });
      return now.ok ? ok({ now: now.value }) : now;
    }),
    'GET clock': command(bodies.nothing, () => ok({ now: exchange.now() })),
    'POST snapshot': command(bodies.nothing, async () => ok({ snapshot: JSON.parse(await saved.save()) })),
    'POST restore': command(bodies.saved, async ({ snapshot }) => {
      const restored = await saved.restore(JSON.stringify(snapshot));
      if (restored.ok) restartBooks();
      return done(restored);
    }),
    'POST reset': command(bodies.nothing, async () => {
      await exchange.control.reset();
      return ok({});
    }),
  };
};

/** Checks the body first; every problem with it is named. */
function command<T>(schema: z.ZodType<T>, run: (body: T) => Answer | Promise<Answer>): Command {
  return async (body) => {
    const read = schema.safeParse(body);
    if (!read.success) {
      const problems = read.error.issues.map(({ path, message }) => ({ path: path.join('.') || 'body', message }));
      return err(invalid(problems));
    }
    const answer = await run(read.data);
    return answer.ok ? ok(plainJson(answer.value)) : answer;
  };
}

/** Equal hashes mean equal exchanges: accounts, orders, histories, keys, books, prices, time. */
const hashOf = ({ control }: PaperExchange): string =>
  createHash('sha256').update(control.saved.canonical()).digest('hex');

const done = (result: Result<unknown, ControlError>): Answer => (result.ok ? ok({}) : result);
