import type { Server } from 'node:http';
import pg from 'pg';

type Ask = (this: pg.Client, ...args: unknown[]) => unknown;
type Callback = (...given: unknown[]) => void;

/** The statements of one round trip: what was sent before an answer was waited for. */
export type Trip = string[];

const original = pg.Client.prototype.query as Ask;

/**
 * Counts the round trips of everything this process asks of the database: messages that were waited for, not
 * statements. What is sent while an answer is awaited belongs to the same trip.
 */
export class RoundTrips {
  private trips: Trip[] = [];
  private isAnswered = true;
  private isCounting = false;

  /** Counts what this process asks, until `server` has sent the answer to a request. */
  begin(server: Server): void {
    // Before the listeners of the application, which may go on working then.
    server.prependListener('request', (_req, res) => {
      res.once('finish', () => (this.isCounting = false));
    });
    const noteSent = (text: string) => this.sent(text);
    const noteAnswered = () => {
      this.isAnswered = true;
    };
    pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]): unknown {
      const [first] = args;
      noteSent(textOf(first));
      const query = first as { callback?: Callback };
      const { callback } = typeof first === 'object' ? query : {};
      if (callback) {
        query.callback = (...given) => {
          noteAnswered();
          callback(...given);
        };
        return Reflect.apply(original, this, args);
      }
      const last = args.at(-1);
      if (typeof last === 'function') {
        args[args.length - 1] = (...given: unknown[]) => {
          noteAnswered();
          (last as Callback)(...given);
        };
        return Reflect.apply(original, this, args);
      }
      const answer = Reflect.apply(original, this, args) as Promise<unknown>;
      answer.then(noteAnswered, noteAnswered);
      return answer;
    } as typeof pg.Client.prototype.query;
  }

  end(): void {
    pg.Client.prototype.query = original as typeof pg.Client.prototype.query;
  }

  /** The trips of the one request that `work` makes. What follows the answer keeps nobody waiting. */
  async of(work: () => Promise<unknown>): Promise<Trip[]> {
    this.trips = [];
    this.isAnswered = true;
    this.isCounting = true;
    await work();
    return this.trips;
  }

  private sent(text: string): void {
    if (!this.isCounting) return;
    if (this.isAnswered) this.trips.push([]);
    this.isAnswered = false;
    this.trips.at(-1)!.push(text.replace(/\s+/g, ' ').trim());
  }
}

function textOf(first: unknown): string {
  return typeof first === 'string' ? first : ((first as { text?: string } | null)?.text ?? '');
}
