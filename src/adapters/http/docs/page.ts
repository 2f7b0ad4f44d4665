import { ERROR_CODES, ERRORS } from '../../../contract/errors.ts';
import type { JsonSchema } from '../../../contract/fields.ts';
import { errorsOf, type OpenApi, type Operation, policyText } from './openapi.ts';
import type { Route } from '../route.ts';
import { escapeHtml as escape, htmlPage } from './html.ts';
import { webSocketGuide } from './websocket-guide.ts';

/** The documentation page: every route with its fields, errors and a curl line, the socket, the error catalogue. */
export function docsPage(document: OpenApi, routes: readonly Route[]): string {
  const families = document.tags.map(({ name }) =>
    family(
      name,
      document,
      routes.filter((route) => route.family === name),
    ),
  );
  const body = `<div class="layout"><nav aria-label="Contents">${contents(document, routes)}</nav><main>
<h1>OKD API</h1>${introduction()}${families.join('\n')}${webSocketGuide()}${errorCatalogue()}</main></div>`;
  return htmlPage('OKD API', body);
}

function contents(document: OpenApi, routes: readonly Route[]): string {
  const groups = document.tags.map(({ name }) => {
    const items = routes
      .filter((route) => route.family === name)
      .map((route) => `<li><a href="#${escape(route.operation)}">${method(route)}${escape(route.path)}</a></li>`);
    return `<h2>${escape(name)}</h2><ul>${items.join('')}</ul>`;
  });
  return `<strong>OKD API</strong>${groups.join('')}<h2>Reference</h2><ul><li><a href="#websocket">WebSocket</a></li>
<li><a href="#errors">Error catalogue</a></li><li><a href="/openapi.json">openapi.json</a></li></ul>`;
}

function introduction(): string {
  return `<p>Every answer is <code>{"success": true, "data": …}</code>, every error
<code>{"success": false, "error": {"code", "message", "details", "request_id"}}</code>.</p>
<p>Sign in, keep the access token, and send it with every request:</p>
<pre><code>${escape(`TOKEN=$(curl -s http://127.0.0.1:8080/api/auth/login -H 'content-type: application/json' \\
  -d '{"email":"admin@localhost","password":"…"}' | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`)}</code></pre>
<ul><li>Amounts are JSON numbers or decimal strings, read exactly as written. Answers print exact numbers; <code>?decimals=string</code> makes strings of them.</li>
<li>Times are ISO 8601 (requests also take epoch milliseconds). Sides, types and booleans are read in any case. <code>BTC/USDT</code> is <code>BTCUSDT</code>.</li>
<li>Lists take <code>limit</code> and <code>cursor</code>, and answer with <code>next_cursor</code>.</li>
<li>An <code>Idempotency-Key</code> makes repeating a creating request safe; so does <code>client_order_id</code> for orders.</li></ul>`;
}

function family(name: string, document: OpenApi, routes: readonly Route[]): string {
  const entries = routes.map((route) => {
    const operation = document.paths[route.path]?.[route.method.toLowerCase()];
    return operation === undefined ? '' : article(route, operation, document);
  });
  return `<h2 id="${escape(name.toLowerCase().replaceAll(' ', '-'))}">${escape(name)}</h2>${entries.join('\n')}`;
}

const method = (route: Route): string => `<span class="method ${route.method.toLowerCase()}">${route.method}</span> `;

function article(route: Route, operation: Operation, document: OpenApi): string {
  const answer =
    route.answer === null
      ? ''
      : `<details><summary class="soft">Answer</summary>${fields(answerSchema(operation), document)}</details>`;
  const codes = errorsOf(route).map((code) => `<a href="#${code}"><code>${code}</code></a>`);
  return `<article id="${escape(route.operation)}"><h3>${method(route)}<code>${escape(route.path)}</code></h3>
<p>${escape(route.summary)}</p><p class="soft">Who may: ${escape(policyText(route.policy))}.</p>
${parameterTable(operation)}${bodyTable(operation, document)}
<h4>curl</h4><pre><code>${escape(curl(route))}</code></pre>${answer}
<details><summary class="soft">Errors</summary><p>${codes.join(' ')}</p></details></article>`;
}

/** A line that works as it stands once TOKEN is set. */
export function curl(route: Route): string {
  const query = route.example?.query === undefined ? '' : `?${route.example.query}`;
  const path = `http://127.0.0.1:8080${route.path.replace('{id}', '$ID')}${query}`;
  const lines = [`curl -s${route.method === 'GET' ? '' : ` -X ${route.method}`} "${path}"`];
  if (route.policy !== 'public') lines.push('-H "Authorization: Bearer $TOKEN"');
  if (route.example?.body !== undefined) {
    lines.push(`-H 'content-type: application/json'`, `-d '${JSON.stringify(route.example.body)}'`);
  }
  return lines.join(' \\\n  ');
}

type Properties = Readonly<Record<string, JsonSchema>>;
type ObjectSchema = Readonly<{ properties?: Properties; required?: readonly string[] }>;

function answerSchema(operation: Operation): JsonSchema {
  const response = Object.values(operation.responses)[0] as
    | { content?: Record<string, { schema: ObjectSchema }> }
    | undefined;
  return response?.content?.['application/json']?.schema.properties?.['data'] ?? {};
}

function parameterTable(operation: Operation): string {
  const rows = operation.parameters.flatMap((parameter) => {
    if ('$ref' in parameter) return [];
    return [row(parameter.name, parameter.schema, parameter.required, `${parameter.description} (${parameter.in})`)];
  });
  return table('Parameters', rows);
}

function bodyTable(operation: Operation, document: OpenApi): string {
  const schema = operation.requestBody?.content['application/json']?.schema;
  return schema === undefined ? '' : `<h4>Body</h4>${fields(schema, document)}`;
}

function fields(schema: JsonSchema, document: OpenApi, depth = 0): string {
  const { properties = {}, required = [] } = resolve(schema, document) as ObjectSchema;
  const rows = Object.entries(properties).map(([name, property]) => {
    const inner = nested(property, document);
    const description = String(resolve(property, document)['description'] ?? '');
    const below =
      inner === null || depth > 3
        ? ''
        : `<details><summary class="soft">fields</summary>${fields(inner, document, depth + 1)}</details>`;
    return row(name, resolve(property, document), required.includes(name), description, below);
  });
  return table('', rows);
}

/** The object inside a property, a list, a map or an alternative with null; null where there is none. */
function nested(property: JsonSchema, document: OpenApi): JsonSchema | null {
  const schema = resolve(property, document);
  if (schema['properties'] !== undefined) return schema;
  const inside =
    schema['items'] ?? schema['additionalProperties'] ?? (schema['anyOf'] as readonly unknown[] | undefined)?.[0];
  return typeof inside === 'object' && inside !== null ? nested(inside as JsonSchema, document) : null;
}

function resolve(schema: JsonSchema, document: OpenApi): JsonSchema {
  const { $ref } = schema;
  return typeof $ref === 'string' ? (document.components.schemas[$ref.split('/').at(-1) ?? ''] ?? {}) : schema;
}

function table(title: string, rows: readonly string[]): string {
  if (rows.length === 0) return '';
  const heading = title === '' ? '' : `<h4>${escape(title)}</h4>`;
  return `${heading}<div class="scroll"><table><tbody>${rows.join('')}</tbody></table></div>`;
}

function row(name: string, schema: JsonSchema, required: boolean, description: string, below = ''): string {
  const mark = required ? ' <span class="required">required</span>' : '';
  const words = Array.isArray(schema['enum'])
    ? `: ${schema['enum'].map((one) => `<code>${escape(String(one))}</code>`).join(' ')}`
    : '';
  return `<tr><td><code>${escape(name)}</code>${mark}</td><td class="soft">${escape(typeName(schema))}</td><td>${escape(description)}${words}${below}</td></tr>`;
}

function typeName(schema: JsonSchema): string {
  if (schema['format'] === 'decimal') return 'decimal';
  if (typeof schema['type'] === 'string') return schema['type'];
  return Array.isArray(schema['anyOf']) ? `${typeName(schema['anyOf'][0] as JsonSchema)} or null` : 'object';
}

function errorCatalogue(): string {
  const rows = ERROR_CODES.map((code) => {
    const { status, happened, todo } = ERRORS[code];
    return `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${escape(happened)}</td><td>${escape(todo)}</td></tr>`;
  });
  return `<h2 id="errors">Error catalogue</h2><div class="scroll"><table><thead><tr><th>Code</th><th>Status</th><th>What happened</th><th>What to do</th></tr></thead>
<tbody>${rows.join('')}</tbody></table></div>`;
}
