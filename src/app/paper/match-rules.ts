import type { FaultBook } from '../../adapters/bybit-server/index.ts';
import { suits } from '../../adapters/bybit-server/index.ts';
import type { FaultRules, OrderOperation, OrderSubject } from '../../paper/index.ts';

/** The rules of MATCH and the lags of QRY, as the exchange asks for them. */
export function matchRules(book: FaultBook): FaultRules {
  const take = (operation: OrderOperation, subject: OrderSubject, only: readonly string[]) =>
    book.take('MATCH', { ...subject, on: operation }, only);
  return {
    holdMs: (operation, subject) => {
      const rule = take(operation, subject, ['hold']);
      return rule?.action === 'hold' ? rule.ms : 0;
    },
    arrival: (subject) => {
      const rule = take('order.create', subject, ['reject', 'fill', 'cancel']);
      switch (rule?.action) {
        case 'reject':
          return { type: 'reject', reason: rule.reason };
        case 'fill':
          return { type: 'fill', part: rule.part, pieces: rule.pieces };
        case 'cancel':
          return { type: 'cancel', reason: rule.reason, part: rule.part ?? null };
        default:
          return null;
      }
    },
    change: (operation, subject) => {
      const rule = take(operation, subject, ['fill', 'ignore']);
      if (rule?.action === 'ignore') return { type: 'ignore' };
      return rule?.action === 'fill' ? { type: 'fill', part: rule.part, pieces: rule.pieces } : null;
    },
    lagMs: (kind, subject) => {
      let most = 0;
      for (const { rule } of book.holding('QRY')) {
        const isMeant = rule.action === 'lag' && rule.what.includes(kind) && suits(rule.match, subject);
        if (isMeant && rule.ms > most) most = rule.ms;
      }
      return most;
    },
  };
}
