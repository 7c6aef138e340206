import { BoundedCache } from './bounded-cache.js';
import type { Semaphore } from './semaphore.js';

/** Turns of everybody, of which one of them takes only so many at a time: the others do not wait for it. */
export class FairTurns {
  private readonly own = new BoundedCache<string, Semaphore>(1_000);

  /** @param ofOne makes the turns of one, such as an organisation */
  constructor(
    private readonly ofAll: Semaphore,
    private readonly ofOne: () => Semaphore,
  ) {}

  run<T>(one: string, work: () => Promise<T>): Promise<T> {
    const own = this.own.get(one) ?? this.own.set(one, this.ofOne());
    return own.run(() => this.ofAll.run(work));
  }
}
