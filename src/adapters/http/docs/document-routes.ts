import { ok } from '../../../domain/result.ts';
import { publicRoute, type Reply, type Route } from '../route.ts';
import { openApi } from './openapi.ts';
import { docsPage } from './page.ts';
import { STYLE_SHEET } from './style.ts';

const described = {
  method: 'GET',
  family: 'Operation',
  statuses: [200],
  answer: null,
  errors: [],
  budget: 'read',
} as const;

/** Serves the OpenAPI document and its page, both made once, of the whole table including these routes. */
export function documentRoutes(others: readonly Route[], version: string): readonly Route[] {
  const page = (text: string, type: string): Promise<Reply> =>
    Promise.resolve(ok({ status: 200, text, type, headers: { 'cache-control': 'no-cache' } }));
  const routes: Route[] = [];
  const document = () => openApi([...others, ...routes], version);
  const json = once(() => JSON.stringify(document()));
  const html = once(() => docsPage(document(), [...others, ...routes]));
  const one = (path: string, operation: string, summary: string, type: string, text: () => string): Route =>
    publicRoute({ ...described, path, operation, summary, handle: () => page(text(), type) });
  routes.push(
    one(
      '/openapi.json',
      'openApi',
      'This interface as an OpenAPI 3.1 document.',
      'application/json; charset=utf-8',
      json,
    ),
    one('/docs', 'docs', 'This interface as a page.', 'text/html; charset=utf-8', html),
    one('/docs/style.css', 'docsStyle', 'Style sheet of the pages.', 'text/css; charset=utf-8', () => STYLE_SHEET),
  );
  return routes;
}

function once(make: () => string): () => string {
  let made: string | null = null;
  return () => {
    made ??= make();
    return made;
  };
}
