import type { Route } from './route.ts';

/** What a path leads to: the route, or the methods that it would take. */
export type Match = Readonly<
  | { type: 'route'; route: Route; params: Readonly<Record<string, string>> }
  | { type: 'wrong_method'; allowed: readonly string[] }
  | { type: 'nothing' }
>;

type Entry = Readonly<{ parts: readonly string[]; route: Route }>;

/** Finds routes by path; a literal part wins over a parameter. */
export class RouteTable {
  readonly routes: readonly Route[];
  readonly #exact = new Map<string, Route[]>();
  readonly #patterns: Entry[] = [];

  constructor(routes: readonly Route[]) {
    this.routes = routes;
    for (const route of routes) {
      if (route.path.includes('{')) this.#patterns.push({ parts: route.path.split('/'), route });
      else this.#exact.set(route.path, [...(this.#exact.get(route.path) ?? []), route]);
    }
  }

  match(method: string, path: string): Match {
    const exact = this.#exact.get(path);
    if (exact !== undefined) return pick(method, exact, {});
    const parts = path.split('/');
    const fitting = this.#patterns.filter((entry) => fits(entry.parts, parts));
    const params = fitting[0] === undefined ? {} : paramsOf(fitting[0].parts, parts);
    if (params === null) return { type: 'nothing' };
    return pick(
      method,
      fitting.map((entry) => entry.route),
      params,
    );
  }
}

function pick(method: string, routes: readonly Route[], params: Readonly<Record<string, string>>): Match {
  const route = routes.find((one) => one.method === method);
  if (route !== undefined) return { type: 'route', route, params };
  return routes.length === 0 ? { type: 'nothing' } : { type: 'wrong_method', allowed: routes.map((one) => one.method) };
}

const isParameter = (part: string): boolean => part.startsWith('{');

function fits(pattern: readonly string[], parts: readonly string[]): boolean {
  return (
    pattern.length === parts.length &&
    pattern.every((part, at) => part === parts[at] || (isParameter(part) && parts[at] !== ''))
  );
}

function paramsOf(pattern: readonly string[], parts: readonly string[]): Readonly<Record<string, string>> | null {
  const params: Record<string, string> = {};
  for (const [at, part] of pattern.entries()) {
    if (!isParameter(part)) continue;
    try {
      params[part.slice(1, -1)] = decodeURIComponent(parts[at] ?? '');
    } catch {
      return null; // URIError: a path that is not well encoded leads nowhere
    }
  }
  return params;
}
