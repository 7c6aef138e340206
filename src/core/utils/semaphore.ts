/** Lets few through at once; others wait in line, and beyond a length of the line nobody may join. */
export class Semaphore {
  private inside = 0;
  private readonly line: Array<() => void> = [];

  /** `refusal` makes the error of those who may not join. */
  constructor(
    private readonly atOnce: number,
    private readonly waiting: number,
    private readonly refusal: () => Error,
  ) {}

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.isFull) throw this.refusal();
    if (this.inside >= this.atOnce) await new Promise<void>((enter) => this.line.push(enter));
    else this.inside += 1;
    try {
      return await work();
    } finally {
      const next = this.line.shift();
      // The place is handed on, so nobody slips in between.
      if (next) next();
      else this.inside -= 1;
    }
  }

  private get isFull(): boolean {
    return this.inside >= this.atOnce && this.line.length >= this.waiting;
  }
}
