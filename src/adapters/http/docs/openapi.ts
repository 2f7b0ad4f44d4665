import { ERROR_CODES, ERRORS, type ErrorCode } from '../../../contract/errors.ts';
import type { JsonSchema } from '../../../contract/fields.ts';
import type { Policy, Route } from '../route.ts';
import { type Components, jsonSchema } from './json-schema.ts';

export type OpenApi = Readonly<{
  openapi: '3.1.0';
  info: JsonSchema;
  servers: readonly JsonSchema[];
  tags: readonly Readonly<{ name: string }>[];
  paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  components: Readonly<{ schemas: Components } & Record<string, unknown>>;
  'x-errors': Readonly<Record<string, unknown>>;
}>;

export type Parameter = Readonly<{
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  description: string;
  schema: JsonSchema;
}>;
export type Operation = Readonly<{
  operationId: string;
  tags: readonly string[];
  summary: string;
  description: string;
  security: readonly Readonly<Record<string, readonly string[]>>[];
  parameters: readonly (Parameter | Readonly<{ $ref: string }>)[];
  requestBody?: Readonly<{
    required: boolean;
    content: Readonly<Record<string, Readonly<{ schema: JsonSchema; example?: unknown }>>>;
  }>;
  responses: Readonly<Record<string, JsonSchema>>;
}>;

const JSON_MEDIA = 'application/json';

/** The OpenAPI 3.1 document of a route table. Made of the same schemas that read requests: it cannot lag behind. */
export function openApi(routes: readonly Route[], version: string): OpenApi {
  const schemas: Components = {};
  const paths: Record<string, Record<string, Operation>> = {};
  for (const route of routes) {
    const operations = paths[route.path] ?? {};
    operations[route.method.toLowerCase()] = operation(route, schemas);
    paths[route.path] = operations;
  }
  schemas['Error'] = ERROR_SCHEMA;
  return {
    openapi: '3.1.0',
    info: { title: 'OKD', version, description: INTRODUCTION },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map((route) => route.family))].map((name) => ({ name })),
    paths,
    components: {
      schemas,
      parameters: COMMON_PARAMETERS,
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'access_token of POST /api/auth/login',
        },
        refreshCookie: {
          type: 'apiKey',
          in: 'cookie',
          name: 'okd_refresh',
          description: 'of a cookie session; with X-OKD-Request: 1',
        },
      },
    },
    'x-errors': Object.fromEntries(ERROR_CODES.map((code) => [code, ERRORS[code]])),
  };
}

const INTRODUCTION = `Trading gateway between your own book and Bybit.

Answers are \`{ "success": true, "data": … }\`, errors \`{ "success": false, "error": { "code", "message", "details", "request_id" } }\`.
Amounts are read exactly, as JSON numbers or as plain decimal strings; answers print exact JSON numbers, or strings with \`?decimals=string\`.
Times are ISO 8601; requests also take epoch milliseconds. Unknown fields are refused. \`BTCUSDT\` and \`BTC/USDT\` are the same instrument.`;

// biome-ignore format: a table
const COMMON_PARAMETERS = {
  Decimals: { name: 'decimals', in: 'query', required: false, description: 'string: amounts as decimal strings (also as header X-OKD-Decimals)', schema: { type: 'string', enum: ['number', 'string'] } },
  Account: { name: 'X-OKD-Account', in: 'header', required: false, description: 'one of the accounts of the user; the first by default', schema: { type: 'string' } },
  IdempotencyKey: { name: 'Idempotency-Key', in: 'header', required: false, description: 'repeats of the same request answer with the first result; kept for 24 h at least', schema: { type: 'string', maxLength: 128 } },
} as const satisfies Record<string, Parameter>;

const ERROR_SCHEMA: JsonSchema = {
  type: 'object',
  required: ['success', 'error'],
  properties: {
    success: { const: false },
    error: {
      type: 'object',
      required: ['code', 'message', 'request_id'],
      properties: {
        code: { type: 'string', enum: ERROR_CODES },
        message: { type: 'string', description: 'what happened and what to do' },
        details: { type: 'object', description: 'the numbers of this case; refused fields with what they allow' },
        request_id: { type: 'string' },
      },
    },
  },
};

function operation(route: Route, schemas: Components): Operation {
  const body = route.body === null ? {} : { requestBody: requestBody(route, schemas) };
  return {
    operationId: route.operation,
    tags: [route.family],
    summary: route.summary,
    description: `Who may: ${policyText(route.policy)}.`,
    security: securityOf(route.policy),
    parameters: parametersOf(route, schemas),
    ...body,
    responses: { ...successes(route, schemas), ...failures(route) },
  };
}

export function policyText(policy: Policy): string {
  if (policy === 'public') return 'everyone';
  if (policy === 'session') return 'whoever has a session';
  if (policy === 'user') return 'every user';
  if (policy === 'administrator') return 'administrators';
  return `${policy.join(', ')} of the account`;
}

function securityOf(policy: Policy): Operation['security'] {
  if (policy === 'public') return [];
  return policy === 'session' ? [{ bearer: [] }, { refreshCookie: [] }] : [{ bearer: [] }];
}

function requestBody(route: Route, schemas: Components): NonNullable<Operation['requestBody']> {
  const schema = route.body === null ? {} : jsonSchema(route.body, 'input', schemas);
  const example = route.example?.body === undefined ? {} : { example: route.example.body };
  return { required: route.path !== '/api/auth/refresh', content: { [JSON_MEDIA]: { schema, ...example } } };
}

function parametersOf(route: Route, schemas: Components): Operation['parameters'] {
  const own: (Parameter | { $ref: string })[] = [];
  for (const place of ['path', 'query'] as const) {
    const source = place === 'path' ? route.params : route.query;
    if (source === null) continue;
    const { properties = {}, required = [] } = jsonSchema(source, 'input', schemas) as {
      properties?: Record<string, JsonSchema>;
      required?: readonly string[];
    };
    for (const [name, { description = '', ...schema }] of Object.entries(properties)) {
      own.push({ name, in: place, required: required.includes(name), description: String(description), schema });
    }
  }
  const common = (name: keyof typeof COMMON_PARAMETERS) => ({ $ref: `#/components/parameters/${name}` });
  if (route.answer !== null) own.push(common('Decimals'));
  if (route.policy !== 'public') own.push(common('Account'));
  if (route.creates) own.push(common('IdempotencyKey'));
  return own;
}

function successes(route: Route, schemas: Components): Record<string, JsonSchema> {
  const content =
    route.answer === null
      ? {}
      : { content: { [JSON_MEDIA]: { schema: envelope(jsonSchema(route.answer, 'output', schemas)) } } };
  return Object.fromEntries(
    route.statuses.map((status) => [
      String(status),
      { description: status === 201 ? 'created' : 'success', ...content },
    ]),
  );
}

const envelope = (schema: JsonSchema): JsonSchema => ({
  type: 'object',
  required: ['success', 'data'],
  properties: { success: { const: true }, data: schema },
});

/** Codes that a route can answer with: its own and those of what every request passes. */
export function errorsOf(route: Route): readonly ErrorCode[] {
  const signed: ErrorCode[] =
    route.policy === 'public' ? [] : ['UNAUTHENTICATED', 'TOKEN_INVALID', 'TOKEN_EXPIRED', 'SESSION_REVOKED'];
  const judged: ErrorCode[] =
    route.policy === 'public' || route.policy === 'session' ? [] : ['FORBIDDEN', 'ACCOUNT_NOT_FOUND'];
  const bodied: ErrorCode[] = route.body === null ? [] : ['BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'];
  return [
    ...new Set<ErrorCode>([
      'VALIDATION_FAILED',
      ...route.errors,
      ...signed,
      ...judged,
      ...bodied,
      'RATE_LIMITED',
      'INTERNAL_ERROR',
    ]),
  ];
}

function failures(route: Route): Record<string, JsonSchema> {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of errorsOf(route)) {
    const { status } = ERRORS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const content = { [JSON_MEDIA]: { schema: { $ref: '#/components/schemas/Error' } } };
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [String(status), { description: codes.join(', '), content }]),
  );
}
