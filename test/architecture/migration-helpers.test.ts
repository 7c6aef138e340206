import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import type { QueryRunner } from 'typeorm';
import { projectPath } from '../../src/core/config/project-path.js';

type Helper = (runner: QueryRunner, name: string) => Promise<void>;

/**
 * What every version of every helper writes, as SHA-256. Never changed: a helper that is to write something
 * else is a new file with the next version, and migrations that are there keep theirs.
 */
const WRITES: Record<string, string> = {
  'billing-table.v1.ts': '16dcb204ddcb28ff08951f676a0fbca7fecb82872486f63a2ad1b3e500f41c40',
  'ensure-role.v1.ts': 'aa27c3b6181df464a569707f56b83f21ff19f21e62201899c1b778df1746cd1f',
  'numbered-rows.v1.ts': '91f6e6ec4b683028f18467d8afdd6ad736581d04c18e50b941ff2032d8e9ce02',
  'sampled-table.v1.ts': '1bac78f05e2f71f21e13fd9dd84215f99b05dbc1486ac89474ae5333de87bdb6',
  'shared-actions.v1.ts': 'a50e98a4ff36fa539bbbacb72b9260b2993b4bbe81ef4506b3f75ebbf0e34c90',
  'tenant-table.v1.ts': '1828436647d7c0c509f8f1c452db3bd8393c2a42fb76c45e9054aaecb9f7311c',
  'tenant-table.v2.ts': 'c5afedfe3e3f655f6552e393888b792207e4043e7bb37c48c32909adc8997445',
  'tenant-table.v3.ts': '44cf1766e1ae077f94e791b7b5ba17e724358c44a6e693da60cd0e105f65c384',
};

async function written(file: string): Promise<string> {
  const statements: string[] = [];
  const runner = { query: (text: string) => void statements.push(text) };
  const module = (await import(`../../migrations/support/${file}`)) as Record<string, unknown>;
  for (const name of Object.keys(module).sort()) {
    const helper = module[name];
    if (typeof helper === 'function')
      await (helper as Helper)(runner as unknown as QueryRunner, 'sample');
    else statements.push(String(helper));
  }
  const text = statements.map((each) => each.replace(/\s+/g, ' ').trim()).join('\n');
  return createHash('sha256').update(text).digest('hex');
}

test('every version of a migration helper is listed here and writes the same as before', async () => {
  const files = (await readdir(projectPath('migrations', 'support'))).sort();
  const writes = await Promise.all(files.map(async (file) => [file, await written(file)] as const));
  expect(Object.fromEntries(writes)).toEqual(WRITES);
});
