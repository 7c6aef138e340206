interface Line {
  /** How many may wait; default: any number. */
  length: number;
  /** Makes the error of whoever finds the line full. */
  refusal: () => Error;
}

/** Lets at most `atOnce` tasks run; the others wait in the order they came. */
export class Semaphore {
  private running = 0;
  private readonly waiting: Array<() => void> = [];

  constructor(
    private readonly atOnce: number,
    private readonly line?: Line,
  ) {}

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.running < this.atOnce) this.running += 1;
    else await this.turn();
    try {
      return await work();
    } finally {
      // The slot passes to the next waiting caller.
      const next = this.waiting.shift();
      if (next) next();
      else this.running -= 1;
    }
  }

  private turn(): Promise<void> {
    if (this.line && this.waiting.length >= this.line.length) throw this.line.refusal();
    return new Promise((enter) => this.waiting.push(enter));
  }
}
