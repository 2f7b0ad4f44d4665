import { ok } from '../../../domain/result.ts';
import type {
  AnomalyRecord, ExecutionQuery, ExecutionRecord, HistoryQuery, LedgerQuery, LedgerRecord, OrderHistory, OrderQuery,
  OrderRecord, PageQuery, RecordPage, Records, RecordsAnswer,
} from '../../../ports/records.ts'; // biome-ignore format: a list
import { listAnomalies, listLedger } from './read/account-lists.ts';
import { listExecutions, listOrders, orderHistory } from './read/order-lists.ts';
import type { Statements } from './read/statements.ts';

/** What can be asked, as values: questions cross to the records thread and answers come back. */
type Lists = {
  orders: { query: OrderQuery; answer: RecordPage<OrderRecord> };
  executions: { query: ExecutionQuery; answer: RecordPage<ExecutionRecord> };
  ledger: { query: LedgerQuery; answer: RecordPage<LedgerRecord> };
  anomalies: { query: PageQuery; answer: RecordPage<AnomalyRecord> };
  history: { query: HistoryQuery; answer: OrderHistory | null };
};
type ListName = keyof Lists;

export type Question = { [L in ListName]: Readonly<{ list: L; query: Lists[L]['query'] }> }[ListName];
export type AnyAnswer = RecordsAnswer<Lists[ListName]['answer']>;

/** Reads the tables as they are now; `stale` is for the caller to know. */
export function answerFrom(statements: Statements, question: Question, stale: boolean): AnyAnswer {
  const found = find(statements, question);
  if (!found.ok || found.value === null) return found as AnyAnswer;
  return ok({ ...found.value, stale } as Lists[ListName]['answer']);
}

function find(statements: Statements, question: Question) {
  switch (question.list) {
    case 'orders':
      return listOrders(statements, question.query);
    case 'executions':
      return listExecutions(statements, question.query);
    case 'ledger':
      return listLedger(statements, question.query);
    case 'anomalies':
      return listAnomalies(statements, question.query);
    case 'history':
      return ok(orderHistory(statements, question.query));
  }
}

/** The port's queries over whatever answers questions. */
export function queriesOver(ask: (question: Question) => Promise<AnyAnswer>): Omit<Records, 'projectedSeq' | 'close'> {
  const answered = <L extends ListName>(list: L, query: Lists[L]['query']) =>
    ask({ list, query } as Question) as Promise<RecordsAnswer<Lists[L]['answer']>>;
  return {
    orders: (query) => answered('orders', query),
    executions: (query) => answered('executions', query),
    ledger: (query) => answered('ledger', query),
    anomalies: (query) => answered('anomalies', query),
    history: (query) => answered('history', query),
  };
}
