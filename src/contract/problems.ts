import type * as z from 'zod';
import type { ApiError } from './errors.ts';
import { refusal } from './errors.ts';
import { type JsonProblem, pathText } from './exact-json.ts';

/** One refused field: `path` as in the request, what is wrong with it, and what would be right. */
export type FieldProblem = Readonly<{ path: string; problem: string; allowed: string }>;

/** More than this is noise to a person and a gift to an attacker. */
const MAX_REPORTED = 10;

/** Turns what a schema found into the error that a client sees. */
export function schemaRefusal(error: z.ZodError): ApiError {
  const fields = error.issues.flatMap(fieldProblems).slice(0, MAX_REPORTED);
  const unsupported = error.issues.every(
    (issue) => issue.code === 'custom' && issue.params?.['code'] === 'NOT_SUPPORTED',
  );
  return fieldRefusal(unsupported ? 'NOT_SUPPORTED' : 'VALIDATION_FAILED', fields);
}

export function jsonRefusal(found: JsonProblem): ApiError {
  return refusal('VALIDATION_FAILED', {
    message: `The body is not the JSON that is expected here: ${sentence(found)}`,
    details: { fields: [{ path: found.path, problem: found.problem, allowed: found.allowed }], offset: found.at },
  });
}

export function fieldRefusal(code: 'NOT_SUPPORTED' | 'VALIDATION_FAILED', fields: readonly FieldProblem[]): ApiError {
  const first = fields[0];
  return refusal(code, first === undefined ? {} : { message: sentence(first), details: { fields } });
}

const sentence = (one: FieldProblem): string =>
  `${one.path === '' ? 'the body' : one.path} ${one.problem}; allowed: ${one.allowed}.`;

function fieldProblems(issue: z.core.$ZodIssue): readonly FieldProblem[] {
  const path = pathText(issue.path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: pathText([...issue.path, key]),
        problem: 'is not a field here',
        allowed: issue.message,
      }));
    case 'custom':
      return [{ path, problem: issue.message, allowed: String(issue.params?.['allowed'] ?? 'see /docs') }];
    case 'invalid_type':
      return [{ path, problem: issue.message, allowed: issue.expected }];
    default:
      return [{ path, problem: issue.message, allowed: 'see /docs' }];
  }
}
