import type { Category } from '../../../../domain/ids.ts';
import { type Field, withDefault } from '../../params/fields.ts';

/** Where the category is optional, linear is meant. */
export const linearUnlessGiven = <C extends Category>(field: Field<C>): Field<C | 'linear'> =>
  withDefault<C | 'linear'>(field, 'linear');
