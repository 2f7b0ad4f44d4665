import type { ExchangeRefusal, ExchangeRefusalCode } from '../../ports/exchange.ts';
import { type Err, err } from '../../domain/result.ts';

/** `detail` is the number that was to be kept, where there is one (a protocol may have a text around it), else words. */
export const refuse = (code: ExchangeRefusalCode, detail: string): Err<ExchangeRefusal> => err({ code, detail });
