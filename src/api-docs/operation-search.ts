import type { Operation, Resource } from './reference/resource.presenter.js';

/** Longest text that is looked for; what is beyond is ignored. */
export const LONGEST = 100;

/** What was typed: the last of several, trimmed and cut. */
export function wordsTyped(q: string | string[] | undefined): string {
  return ([q].flat().at(-1) ?? '').slice(0, LONGEST).trim();
}

/** Operations that hold every word in their summary, path, method, id or tag, grouped by resource. */
export function operationsWith(q: string, resources: readonly Resource[]): Resource[] {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  return resources
    .map((resource) => ({
      ...resource,
      operations: resource.operations.filter((operation) => {
        const text = textOf(operation, resource);
        return words.every((word) => text.includes(word));
      }),
    }))
    .filter(({ operations }) => operations.length > 0);
}

function textOf(operation: Operation, { title }: Resource): string {
  const { method, path, id, summary, description, access } = operation;
  return [method, path, id, summary, description, access.scope, title].join(' ').toLowerCase();
}
