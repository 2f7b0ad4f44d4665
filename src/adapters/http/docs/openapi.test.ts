import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ERROR_CODES } from '../../../contract/errors.ts';
import { routesOf } from '../routes/index.ts';
import { harness } from '../testing/harness.ts';
import { curl } from './page.ts';

const routes = routesOf('0.1.0');
const { call } = harness();
const document = (await call('GET', '/openapi.json')).body;
const page = (await call('GET', '/docs')).text;

test('the document has every route and nothing else', () => {
  const documented = Object.entries<object>(document.paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  );
  assert.deepEqual(documented.sort(), routes.map((route) => `${route.method} ${route.path}`).sort());
  assert.equal(document.openapi, '3.1.0');
  assert.equal(document.info.version, '0.1.0');
});

test('each operation has what OpenAPI asks for', () => {
  for (const route of routes) {
    const operation = document.paths[route.path][route.method.toLowerCase()];
    assert.ok(operation.operationId && operation.summary && operation.tags.length === 1);
    for (const status of route.statuses) assert.ok(operation.responses[status].description);
    for (const [name] of route.path.matchAll(/(?<=\{)[a-z_]+(?=\})/g)) {
      const parameter = operation.parameters.find(
        (one: { name: string; in: string }) => one.name === name && one.in === 'path',
      );
      assert.equal(parameter?.required, true, `${route.path} ${name}`);
    }
    assert.equal(operation.security.length > 0, route.policy !== 'public');
    assert.equal(operation.requestBody !== undefined, route.body !== null);
  }
});

test('every reference leads somewhere, and nothing is described as unknown', () => {
  const seen: string[] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, item] of Object.entries(value)) {
      if (key === '$ref') seen.push(String(item));
      walk(item);
    }
  };
  walk(document);
  assert.ok(seen.length > 50);
  for (const reference of new Set(seen)) {
    const [, ...parts] = reference.split('/');
    assert.ok(parts.reduce((at, part) => at?.[part], document) !== undefined, reference);
  }
});

test('the order body documents all its fields', () => {
  const { properties, required, additionalProperties } = document.components.schemas.OrderRequest;
  assert.equal(Object.keys(properties).length, 27);
  assert.deepEqual(required, ['symbol', 'side', 'type']);
  assert.equal(additionalProperties, false);
  assert.deepEqual(properties.quantity.type, ['number', 'string']);
  assert.ok(properties.routing.properties.max_bybit_percentage);
});

test('the page stands alone: no script, nothing from elsewhere', () => {
  assert.doesNotMatch(page, /<script|style=|onclick|http:\/\/(?!127\.0\.0\.1)|https:\/\//i);
  assert.match(page, /<link rel="stylesheet" href="\/docs\/style.css">/);
});

test('the page shows every route with a curl line, and every error', () => {
  for (const route of routes) {
    assert.ok(page.includes(`id="${route.operation}"`), route.operation);
    assert.match(curl(route), /^curl -s/);
  }
  for (const code of ERROR_CODES) assert.ok(page.includes(`<tr id="${code}">`));
  assert.match(page, /id="websocket"/);
});

test('the status page escapes what it shows and links to web addresses only', async () => {
  const answer = await call('GET', '/status', { headers: { accept: 'text/html,*/*' } });
  assert.match(answer.headers['content-type'] ?? '', /^text\/html/);
  assert.doesNotMatch(answer.text, /<script|javascript:/);
  assert.match(answer.text, /&#60;script&#62;/);
  assert.match(answer.text, /href="https:\/\/example.org\/\?a=1&#38;b=&#34;2&#34;"/);
});
