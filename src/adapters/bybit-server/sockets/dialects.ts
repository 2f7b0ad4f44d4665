import type { UnixMs } from '../../../domain/ids.ts';
import type { WireRefusal } from '../refusals.ts';

/** What a socket's client asked, as far as every reply needs it. */
export type Asked = Readonly<{ op: string; reqId: string | undefined; connId: string }>;

/** How one kind of socket answers (V5 docs, "Connect"; the samples differ, so the replies do). */
export type Dialect = Readonly<{
  pong(asked: Asked, now: UnixMs): object;
  done(asked: Asked, topics: readonly string[]): object;
  failed(asked: Asked, refusal: WireRefusal, topics: readonly string[]): object;
  /** Where topics are taken one by one: some were. */
  partly?(asked: Asked, taken: readonly string[], refused: readonly string[]): object;
}>;

const echo = ({ reqId }: Asked): object => (reqId === undefined ? {} : { req_id: reqId });

const spot: Dialect = {
  pong: (asked) => ({ success: true, ret_msg: 'pong', conn_id: asked.connId, ...echo(asked), op: 'ping' }),
  done: (asked) => ({
    success: true,
    ret_msg: asked.op,
    conn_id: asked.connId,
    req_id: asked.reqId ?? '',
    op: asked.op,
  }),
  failed: (asked, { retMsg }) => ({
    success: false,
    ret_msg: retMsg,
    conn_id: asked.connId,
    req_id: asked.reqId ?? '',
    op: asked.op,
  }),
};

const derivatives: Dialect = {
  pong: (asked) => ({ success: true, ret_msg: 'pong', conn_id: asked.connId, req_id: asked.reqId ?? '', op: 'ping' }),
  done: (asked) => ({ success: true, ret_msg: '', conn_id: asked.connId, req_id: asked.reqId ?? '', op: asked.op }),
  failed: spot.failed,
};

/** Options and spreads answer by topic and name no operation. */
const byTopic: Dialect = {
  pong: (_asked, now) => ({ args: [String(now)], op: 'pong' }),
  done: (asked, topics) => commandResponse(asked, true, [], topics),
  failed: (asked, _refusal, topics) => commandResponse(asked, false, topics, []),
  partly: (asked, taken, refused) => commandResponse(asked, false, refused, taken),
};

const commandResponse = (
  asked: Asked,
  success: boolean,
  failTopics: readonly string[],
  successTopics: readonly string[],
) => ({
  success,
  conn_id: asked.connId,
  data: { failTopics, successTopics },
  type: 'COMMAND_RESP',
});

const account: Dialect = {
  pong: (asked, now) => ({ req_id: asked.reqId ?? '', op: 'pong', args: [String(now)], conn_id: asked.connId }),
  done: (asked) => ({ ...echo(asked), success: true, ret_msg: '', op: asked.op, conn_id: asked.connId }),
  failed: (asked, { retMsg }) => ({
    ...echo(asked),
    success: false,
    ret_msg: retMsg,
    op: asked.op,
    conn_id: asked.connId,
  }),
};

const echoTrade = ({ reqId }: Asked): object => (reqId === undefined ? {} : { reqId });

const trade: Dialect = {
  pong: (asked, now) => ({
    ...echoTrade(asked),
    retCode: 0,
    retMsg: 'OK',
    op: 'pong',
    data: [String(now)],
    connId: asked.connId,
  }),
  done: (asked) => ({ ...echoTrade(asked), retCode: 0, retMsg: 'OK', op: asked.op, connId: asked.connId }),
  failed: (asked, refusal) => ({ ...echoTrade(asked), ...refusal, op: asked.op, connId: asked.connId }),
};

export const DIALECTS = { spot, derivatives, byTopic, account, trade } as const;
