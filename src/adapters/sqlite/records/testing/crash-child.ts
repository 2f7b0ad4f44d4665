import { parseArgs } from 'node:util';
import { unwrap } from '../../../../domain/result.ts';
import { openStore } from '../../store.ts';
import { openRecords } from '../records.ts';
import { encoded, partitionOf, Scribe } from './events.ts';

/**
 * The process that the crash test kills: two accounts that trade without pause, their records following. Goes on after
 * the order that the journal ends with.
 */
const { values } = parseArgs({ options: { dir: { type: 'string' } } });
const dir = values.dir ?? '';
const { journal } = unwrap(await openStore(dir));
const accounts = ['a1', 'a2'].map((id) => ({ scribe: new Scribe(id), partition: partitionOf(id), orders: 0 }));
for (const account of accounts) {
  const known = [...journal.read(account.partition, 1)].map(({ payload }) => Buffer.from(payload).toString());
  account.orders = known.filter((text) => text.includes('"order_accepted"')).length;
  const { scribe, partition } = account;
  if (known.length === 0) journal.append(partition, encoded([scribe.opened(), scribe.deposited(1, 'USDT', '1000000')]));
}
const records = openRecords(dir);

let turn = 0;
function trade(): void {
  turn += 1;
  for (const { scribe, partition } of accounts.filter((_, i) => (turn + i) % 3 !== 0)) {
    const account = accounts.find((one) => one.partition === partition);
    if (account === undefined) continue;
    account.orders += 1;
    const wish = { seq: account.orders, ms: account.orders * 10 };
    journal.append(partition, encoded(turn % 4 === 0 ? scribe.canceled(wish) : scribe.filled(wish)));
  }
  const [first] = accounts;
  if (turn % 20 === 0 && first !== undefined) process.stdout.write(`${records.projectedSeq(first.partition)}\n`);
  setTimeout(trade, 1);
}

trade();
