import { readFile, readdir } from 'node:fs/promises';
import { availableParallelism, getPriority, platform } from 'node:os';
import { computationsAtOnce } from '../../../src/core/utils/thread-pool.js';

const onLinux = platform() === 'linux' ? test : test.skip;

onLinux('hashing gives way to the thread that answers, and may use every core', async () => {
  const own = getPriority();
  // Reading a file has begun the threads of the pool.
  const threads = await Promise.all(
    (await readdir('/proc/self/task')).map(async (id) => ({
      id: Number(id),
      name: (await readFile(`/proc/self/task/${id}/comm`, 'utf8')).trim(),
    })),
  );
  expect(computationsAtOnce()).toBe(availableParallelism());
  const pool = threads.filter(({ name }) => name === 'libuv-worker');
  expect(pool.length).toBeGreaterThan(0);
  for (const { id } of pool) expect(getPriority(id)).toBeGreaterThan(own);
  expect(getPriority(process.pid)).toBe(own);
});
