/** A user of the gate, which needs exclusive access to the backend. */
export interface GateUser {
  /**
   * Called when this user has the gate, until it leaves. Called inside `enter` or inside another user's
   * `leave`.
   */
  onTurn(): void;
}

/** First-in-first-out lock: one user at a time, for as long as it needs. */
export class Gate {
  private readonly queue = new Set<GateUser>();
  private holder: GateUser | undefined;

  /** Joins the queue; entering twice keeps the first place. */
  enter(user: GateUser): void {
    if (user === this.holder) return;
    this.queue.add(user);
    this.next();
  }

  /** Releases the gate, or leaves the queue. */
  leave(user: GateUser): void {
    this.queue.delete(user);
    if (this.holder !== user) return;
    this.holder = undefined;
    this.next();
  }

  isHeldBy(user: GateUser): boolean {
    return this.holder === user;
  }

  /** Runs `work` exclusively, after all earlier users. */
  async exclusively<T>(work: () => Promise<T>): Promise<T> {
    const turn = Promise.withResolvers<void>();
    const user: GateUser = { onTurn: () => turn.resolve() };
    this.enter(user);
    await turn.promise;
    try {
      return await work();
    } finally {
      this.leave(user);
    }
  }

  private next(): void {
    if (this.holder) return;
    for (const user of this.queue) {
      this.queue.delete(user);
      this.holder = user;
      user.onTurn();
      return;
    }
  }
}
