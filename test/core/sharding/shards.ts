import type { Plan } from '../sql-rows/described-columns.js';
import { organisationOf, type Placement } from './placement.js';

/** What a statement would ask for, on an engine that distributes by organisation. */
export interface Reach {
  /** Distributed tables of which it names no one organisation. */
  crossing: string[];
  distributed: string[];
  /** Tables that are on one node only. */
  onePlace: string[];
}

/**
 * Reads from a plan, made as a role that no policy holds back, whether every distributed table is confined to one and
 * the same organisation: to a value that is known before, or to that of another table that is.
 */
export function reachOf(plan: Plan, placements: ReadonlyMap<string, Placement>): Reach {
  const nodes = nodesOf(plan);
  const scans = nodes.filter(isScan);
  const placed = (placement: Placement) =>
    scans.filter((scan) => placements.get(scan['Relation Name']!) === placement);
  const same = new Classes();
  const equal = nodes.flatMap((node) => [...equationsOf(node), ...namesWithin(node, nodes)]);
  for (const [one, other] of equal) same.join(one, other);
  const distributed = placed('distributed');
  const crossing = distributed.filter((scan) => {
    const { Alias: alias, 'Relation Name': table } = scan as Required<Plan>;
    return !same.isKnown(`${alias}.${organisationOf(table)}`);
  });
  return {
    crossing: namesOf(crossing),
    distributed: namesOf(distributed),
    onePlace: namesOf(placed('one place')),
  };
}

function nodesOf(plan: Plan): Plan[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}

function isScan(node: Plan): boolean {
  return (
    node['Node Type'].includes('Scan') &&
    node['Relation Name'] !== undefined &&
    node.Schema === 'public'
  );
}

function namesOf(scans: Plan[]): string[] {
  return [...new Set(scans.map((scan) => scan['Relation Name']!))].sort();
}

/** A column, or a value that is known before the statement is planned. */
const OPERAND = String.raw`(?:\w+\.)?\w+(?:\(\))?|\$\d+|'[^']*'::\w+|\(InitPlan \d+\)\.col\d+`;
const EQUATION = new RegExp(`^(${OPERAND}) = (${OPERAND})$`);

/** How a plan shows app_tenant_id(): the planner puts the body of the function in its place. */
const IN_CONTEXT = "(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid";

const CONDITIONS = [
  ...['Index Cond', 'Recheck Cond', 'Filter', 'Join Filter'],
  ...['Hash Cond', 'Merge Cond', 'Cache Key'],
];

/** `a = b` that holds of each row. */
function equationsOf(node: Plan): Array<[string, string]> {
  return CONDITIONS.flatMap((name) => (typeof node[name] === 'string' ? [node[name]] : []))
    .flatMap((condition) => conjuncts(condition.replaceAll(IN_CONTEXT, 'app_tenant_id()')))
    .flatMap((condition) => {
      const [, one, other] = EQUATION.exec(condition) ?? [];
      return one && other ? [[one, other] as [string, string]] : [];
    });
}

/** The conditions that all have to hold, without the parentheses around them. */
function conjuncts(condition: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const word of condition.split(/(\(|\)| AND )/)) {
    if (word === '(') depth++;
    if (word === ')') depth--;
    if (word === ' AND ' && depth === 0) parts.push('');
    else parts[parts.length - 1] += word;
  }
  if (parts.length > 1) return parts.flatMap(conjuncts);
  return isWrapped(condition) ? conjuncts(condition.slice(1, -1)) : [condition];
}

/** Whether the first parenthesis is closed by the last one. */
function isWrapped(condition: string): boolean {
  let depth = 0;
  const closed = [...condition].findIndex((sign) => {
    if (sign === '(') depth++;
    if (sign === ')') depth--;
    return depth === 0;
  });
  return condition.startsWith('(') && closed === condition.length - 1;
}

/** The organisation of rows of a query within the query is that of the rows it is made of. */
function namesWithin(node: Plan, all: Plan[]): Array<[string, string]> {
  const { Alias: alias } = node;
  const inner =
    node['Node Type'] === 'CTE Scan'
      ? all.find((each) => each['Subplan Name'] === `CTE ${node['CTE Name']}`)
      : node['Node Type'] === 'Subquery Scan'
        ? node.Plans?.[0]
        : undefined;
  if (!inner || !alias) return [];
  const own = (inner.Output ?? []).filter(
    (each) => /^\w+\.tenant_id$/.test(each) || each === IN_CONTEXT,
  );
  // Of two it is not known which one the name means.
  return own.length === 1 ? [[`${alias}.tenant_id`, own[0]!]] : [];
}

/** Expressions that are equal. */
class Classes {
  private readonly parents = new Map<string, string>();

  join(one: string, other: string): void {
    const [a, b] = [this.rootOf(nameOf(one)), this.rootOf(nameOf(other))];
    // What is known stays the root.
    if (a === KNOWN) this.parents.set(b, a);
    else this.parents.set(a, b);
  }

  isKnown(column: string): boolean {
    return this.rootOf(column) === KNOWN;
  }

  private rootOf(name: string): string {
    const parent = this.parents.get(name);
    return parent === undefined || parent === name ? name : this.rootOf(parent);
  }
}

const KNOWN = 'known';

/** A parameter, a constant, the organisation in context, or the one value of a query that was asked before. */
function nameOf(operand: string): string {
  return /^\w+\.\w+$/.test(operand) ? operand : KNOWN;
}
