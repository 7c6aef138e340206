import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CROSSING } from './accepted.js';
import type { PlacedTable, Placement } from './placement.js';
import type { Reach } from './shards.js';

/** `npm run prove:sharding` names a folder for what was found; otherwise nothing is written. */
const FOLDER = process.env.ATRIUM_PROOF_FOLDER;

export function printSharding(
  tables: PlacedTable[],
  statements: ReadonlyMap<string, Reach[]>,
): void {
  if (!FOLDER) return;
  const reaches = [...statements.values()].flat();
  const crossing = reaches.filter((each) => each.crossing.length > 0);
  const inOne = reaches.filter((each) => each.distributed.length > 0 && each.crossing.length === 0);
  const lines = [
    'Tables, distributed by organisation',
    ...PLACEMENTS.flatMap(([placement, title]) => {
      const placed = tables.filter((table) => table.placement === placement);
      return [
        '',
        `${title}: ${placed.length}`,
        ...placed.flatMap(({ name, obstacles }) => [
          `  ${name}`,
          ...obstacles.map((obstacle) => `    ${obstacle}`),
        ]),
      ];
    }),
    '',
    `Statements: ${reaches.length} texts in ${statements.size} places`,
    `  ${reaches.filter((each) => each.distributed.length === 0).length} ask no distributed table`,
    `  ${inOne.length} ask one organisation, ${inOne.filter(asksElsewhere).length} of them also a table of one place`,
    `  ${crossing.length} may ask all shards, in these places:`,
    '',
    ...[...statements]
      .filter(([, some]) => some.some((each) => each.crossing.length > 0))
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .flatMap(([where, some]) => [
        `${where}: ${[...new Set(some.flatMap((each) => each.crossing))].join(', ')}`,
        `  ${CROSSING[where] ?? '! has no reason'}`,
      ]),
    '',
  ];
  writeFileSync(join(FOLDER, 'sharding.txt'), lines.join('\n'));
}

const PLACEMENTS: Array<[Placement, string]> = [
  ['distributed', 'With their organisation'],
  ['reference', 'On every node'],
  ['one place', 'On one node'],
];

function asksElsewhere({ onePlace }: Reach): boolean {
  return onePlace.length > 0;
}
