import { makeField } from '../module.mjs';
import { singularOf } from '../names.mjs';
import { Refused } from '../refused.mjs';

/** Rows of the first module belong to rows of the second, whose page lists them. @throws Refused */
export function makeRelation(tree, [child, parent, name], options) {
  if (!child || !parent) {
    throw new Refused(
      'Name the module whose rows belong to others, and the one they belong to: make:relation invoices customers.',
    );
  }
  return makeField(
    tree,
    [child, `${name ?? singularOf(parent.replaceAll('-', '_'))}:belongs-to(${parent})`],
    options,
  );
}
