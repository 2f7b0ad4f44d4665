// Finds circles of imports, type imports included (Tarjan's strongly connected components, without recursion limits
// that matter: the depth is the longest chain of imports).
import { type ImportingFile, targetOf } from './imports.ts';

/** One line for each group of files that import each other in a circle. */
export function findCycles(files: readonly ImportingFile[]): string[] {
  const graph = new Map<string, string[]>();
  const known = new Set(files.map(({ file }) => file));
  for (const { file, imports } of files) {
    const targets = imports.map(({ specifier }) => targetOf(file, specifier));
    graph.set(file, [...new Set(targets.filter((target) => target !== null && known.has(target)))] as string[]);
  }
  return components(graph).map((group) => `circle of imports: ${[...group, group[0]].join(' → ')}`);
}

function components(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const enter = (file: string): number => {
    const at = order.size;
    order.set(file, at);
    lowest.set(file, at);
    stack.push(file);
    for (const next of graph.get(file) ?? []) {
      if (!order.has(next)) lowest.set(file, Math.min(lowest.get(file) as number, enter(next)));
      else if (stack.includes(next)) lowest.set(file, Math.min(lowest.get(file) as number, order.get(next) as number));
    }
    if (lowest.get(file) === at) {
      const group = stack.splice(stack.indexOf(file));
      if (group.length > 1 || graph.get(file)?.includes(file)) found.push(circle(graph, group));
    }
    return lowest.get(file) as number;
  };
  for (const file of graph.keys()) if (!order.has(file)) enter(file);
  return found;
}

/** The shortest way from the first file of the group back to itself. */
function circle(graph: ReadonlyMap<string, readonly string[]>, group: readonly string[]): string[] {
  const [start = ''] = group;
  const paths: string[][] = [[start]];
  const seen = new Set<string>();
  for (let path = paths.shift(); path !== undefined; path = paths.shift()) {
    for (const next of graph.get(path.at(-1) as string) ?? []) {
      if (next === start) return path;
      if (!group.includes(next) || seen.has(next)) continue;
      seen.add(next);
      paths.push([...path, next]);
    }
  }
  return [...group];
}
