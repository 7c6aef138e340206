import { AsyncLocalStorage } from 'node:async_hooks';
import { UnitOfWork } from '../../../src/core/database/unit-of-work.js';
import type { TestApp } from '../../support/app.js';

interface Cut {
  after: number;
  count: number;
}

export class CutOff extends Error {}

/** Ends work after so many statements, as if its process was killed there: it reaches the database no more. */
export class Cutter {
  private readonly cuts = new AsyncLocalStorage<Cut>();

  constructor({ app }: TestApp) {
    const unitOfWork = app.get(UnitOfWork);
    const query = unitOfWork.query.bind(unitOfWork);
    const execute = unitOfWork.execute.bind(unitOfWork);
    const read = unitOfWork.read.bind(unitOfWork);
    const write = unitOfWork.write.bind(unitOfWork);
    unitOfWork.query = <T>(...given: Parameters<UnitOfWork['query']>) =>
      this.counted(() => query<T>(...given));
    unitOfWork.execute = (...given) => this.counted(() => execute(...given));
    unitOfWork.read = <T>(...given: Parameters<UnitOfWork['read']>) =>
      // In a unit of work it is a query, and counted there.
      unitOfWork.isOpen ? read<T>(...given) : this.counted(() => read<T>(...given));
    unitOfWork.write = <T>(...given: Parameters<UnitOfWork['write']>) =>
      unitOfWork.isOpen ? write<T>(...given) : this.counted(() => write<T>(...given));
  }

  /** Whether the work was cut off: false where it ended before. */
  async cutOff(after: number, work: () => Promise<unknown>): Promise<boolean> {
    const cut = { after, count: 0 };
    try {
      await this.cuts.run(cut, work);
    } catch (error) {
      if (cut.count < after) throw error;
    }
    return cut.count >= after;
  }

  private async counted<T>(statement: () => Promise<T>): Promise<T> {
    const cut = this.cuts.getStore();
    if (!cut) return statement();
    if (cut.count >= cut.after) throw new CutOff('Nothing of it is left');
    const result = await statement();
    cut.count += 1;
    if (cut.count >= cut.after) throw new CutOff('Cut off, on purpose');
    return result;
  }
}
