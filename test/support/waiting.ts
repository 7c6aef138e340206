import { setTimeout as sleep } from 'node:timers/promises';
import { allow, patience } from './limits.js';

/** What `work` comes to, unless it takes longer than so many seconds of a usual machine. */
export async function inTime<T>(usual: number, work: Promise<T>): Promise<T> {
  const seconds = allow(usual);
  const patience = new AbortController();
  const late = sleep(seconds * 1000, undefined, { signal: patience.signal }).then(() => {
    throw new Error(`It took more than ${seconds} s`);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    patience.abort();
    late.catch(() => undefined);
  }
}

/** Asks until the answer is yes, which takes so many seconds at most on a usual machine. */
export async function eventually(ask: () => Promise<boolean>, usual = 15): Promise<void> {
  const seconds = patience(usual);
  for (const began = Date.now(); !(await ask()); await sleep(50)) {
    if (Date.now() - began > seconds * 1000) throw new Error(`Not so after ${seconds} s`);
  }
}
