/** One place of a source file, and what stands there instead. The text must be there exactly once. */
export type Edit = Readonly<{ file: string; find: string; put: string }>;
/** A defect that money has been lost to elsewhere, planted alone. */
export type Defect = Readonly<{ name: string; edits: readonly Edit[] }>;

const edit = (file: string, find: string, put: string): Edit => ({ file, find, put });
const defect = (name: string, ...edits: readonly Edit[]): Defect => ({ name, edits });

const OUTCOME = 'packages/bybit/src/outcome.ts';
const RESOLVER = 'src/oms/resolver.ts';
const FACTS = 'src/oms/venue-facts.ts';
const EFFECTS = 'src/oms/effects.ts';
const QUERY = 'src/adapters/bybit/query.ts';

/** The planted defects of this slice (reliability: mutants): each must be caught by the seeds of a commit. */
export const DEFECTS: readonly Defect[] = [
  defect(
    '10000 is a reject',
    edit(
      OUTCOME,
      'const REJECTED: ReadonlySet<number> = new Set([',
      'const REJECTED: ReadonlySet<number> = new Set([10000, ',
    ),
  ),
  defect(
    'not found once is lost',
    edit(RESOLVER, 'const ABSENCE_AGE_MS = 15_000;', 'const ABSENCE_AGE_MS = 0;'),
    edit(RESOLVER, 'const ABSENCE_POLLS = 3;', 'const ABSENCE_POLLS = 1;'),
  ),
  defect(
    'a transport error counts as not found',
    edit(RESOLVER, "one.absences = answer.type === 'absent' ? ", "one.absences = answer.type !== 'found' ? "),
    edit(RESOLVER, "const proof = answer.type === 'absent' ? ", "const proof = answer.type !== 'found' ? "),
    edit(
      FACTS,
      "      case 'unavailable':\n        return;\n      case 'absent':",
      "      case 'unavailable':\n      case 'absent':",
    ),
  ),
  defect(
    'a failed query is an absence',
    edit(QUERY, 'if (!page.ok) return err(describeError(page.error));', 'if (!page.ok) return ok(null);'),
    edit(QUERY, 'if (!listed.ok) return err(describeError(listed.error));', 'if (!listed.ok) return ok([]);'),
  ),
  defect(
    'sent again under a new id',
    edit(
      'src/adapters/bybit/order-entry.ts',
      'return this.#send(value.category, ORDER_TTL_MS, (way, options) => way.create(value, options));',
      `const first = await this.#send(value.category, ORDER_TTL_MS, (way, options) => way.create(value, options));
    if (first.type !== 'unknown') return first;
    const renamed = { ...value, orderLinkId: \`\${value.orderLinkId}r\` };
    return this.#send(value.category, ORDER_TTL_MS, (way, options) => way.create(renamed, options));`,
    ),
  ),
  defect(
    'fills after the end are dropped',
    edit(FACTS, 'if (seen.cumQty === child.order.cumQty) return this.#facts.close', 'return this.#facts.close'),
    edit(
      'src/oms/child-facts.ts',
      'const late = isFinal(child.order.status);',
      'const late = isFinal(child.order.status);\n    if (late) return false;',
    ),
  ),
  defect(
    'no reading after a reconnect',
    edit('src/oms/reconciler.ts', "if (event.state === 'up') this.#compareAnew();", ''),
  ),
  defect(
    'subscribed before the login, and any answer taken for a yes',
    edit(
      'packages/bybit/src/socket/link.ts',
      '    this.send(frame);\n  }',
      '    this.#ready();\n    this.send(frame);\n  }',
    ),
    edit(
      'packages/bybit/src/socket/topics.ts',
      'if (ack.accepted) this.#accepted(request.topics);',
      'if (ack.op !== undefined) this.#accepted(request.topics);',
    ),
  ),
  defect(
    'reading stops at page 1',
    edit(
      'packages/bybit/src/rest/paging.ts',
      'if (next === null) return ok(',
      'if (next === null || pages === 1) return ok(',
    ),
  ),
  defect(
    'a timeout ends the order and releases what it held',
    edit(
      FACTS,
      'return this.doubt(emit, out, id, outcome.reason, at);',
      "return this.#facts.close(emit, id, 'rejected', outcome.reason, at);",
    ),
  ),
  defect(
    'halts are not asked for again before sending',
    edit(
      EFFECTS,
      "const halted = this.#world.halted() ?? (this.#state.halted ? 'ACCOUNT_HALTED' : null);",
      'const halted = null as string | null;',
    ),
  ),
  defect(
    'sent before it is durable',
    edit(EFFECTS, 'if (venue.sharesJournal) run();\n    else this.#world.journal.whenDurable(run);', 'run();'),
  ),
  defect(
    'acknowledged before it is on disk',
    edit(
      'sim/lib/sim-journal.ts',
      'if (batch !== null) batch.waiting.push(run);\n    else queueMicrotask',
      'if (batch === null || batch !== null) queueMicrotask',
    ),
  ),
  defect(
    'the transport repeats a POST',
    edit(
      'packages/bybit/src/rest/exchange.ts',
      "    return err({ type: 'transport', ...transportFailure(thrown) });",
      "    if (request.method !== 'POST') return err({ type: 'transport', ...transportFailure(thrown) });\n    response = await transport.http.request(request);",
    ),
  ),
  defect(
    'an older status wins',
    edit(FACTS, 'if (isFinal(child.order.status)) return this.#afterEnd(emit, out, child, seen, at);', ''),
    edit(FACTS, "if (order.acceptedAt !== null && order.inFlight !== 'submit') return;", ''),
    edit(
      'src/domain/order.ts',
      "...(order.status === 'pending' ? { status: 'working' as const } : {}),",
      "status: 'working' as const,",
    ),
  ),
];
