import { err, type Result } from '../domain/result.ts';

/** Why something that whoever runs the exchange asked for was not done. */
export type ControlError = Readonly<{
  code: 'NOT_STEPPED' | 'NOT_FOUND' | 'NOTHING_TO_DO' | 'INVALID' | 'NOT_AVAILABLE' | 'THERE_ALREADY';
  message: string;
}>;
export type Controlled<T> = Result<T, ControlError>;

export const failed = (code: ControlError['code'], message: string) => err({ code, message });
