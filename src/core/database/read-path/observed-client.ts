import { Logger } from '@nestjs/common';
import pg from 'pg';
import type { AppConfig } from '../../config/config.js';
import type { Tracing } from '../../telemetry/tracing.js';

type Ask = (...args: unknown[]) => unknown;

/**
 * A pg client that logs slow statements (SLOW_QUERY_MS) and traces all by their text, never their values.
 * Undefined when neither is configured.
 */
export function observedClient(
  { SLOW_QUERY_MS = Infinity }: AppConfig,
  tracing: Tracing,
): typeof pg.Client | undefined {
  if (SLOW_QUERY_MS === Infinity && !tracing.isOn) return undefined;
  const log = new Logger('Database');

  const watch = (what: { name?: string; text: string }) => {
    const span = tracing.begin(what.name ?? verbOf(what.text), 'client', {
      'db.system.name': 'postgresql',
      'db.query.text': oneLine(what.text),
    });
    const began = performance.now();
    return (error?: unknown) => {
      const took = performance.now() - began;
      if (took > SLOW_QUERY_MS) {
        const statement = what.name ?? oneLine(what.text);
        log.warn({ msg: 'A statement was slow', statement, duration_ms: Math.round(took) });
      }
      if (error) span?.setStatus({ code: 2 });
      span?.end();
    };
  };

  class ObservedClient extends pg.Client {}
  const ask = pg.Client.prototype.query as Ask;
  ObservedClient.prototype.query = function (this: pg.Client, ...args: unknown[]): unknown {
    const what = statementOf(args[0]);
    if (!what || isFrame(what.text)) return ask.apply(this, args);
    const done = watch(what);
    const [query, last] = [args[0] as { callback?: unknown }, args.at(-1)];
    if (typeof query.callback === 'function') {
      query.callback = answering(query.callback as Ask, done);
      return ask.apply(this, args);
    }
    if (typeof last === 'function') {
      args[args.length - 1] = answering(last as Ask, done);
      return ask.apply(this, args);
    }
    const answer = ask.apply(this, args) as Promise<unknown>;
    answer.then(() => done(), done);
    return answer;
  } as typeof pg.Client.prototype.query;
  return ObservedClient;
}

/** Whether a statement only frames others in the same round trip. Those are not measured. */
export function isFrame(text: string): boolean {
  return FRAME.test(text);
}

const FRAME = /^\s*(BEGIN|START TRANSACTION|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|select set_config)/i;

function statementOf(first: unknown): { name?: string; text: string } | null {
  if (typeof first === 'string') return { text: first };
  const { name, text, submit, callback } = (first ?? {}) as Record<string, unknown>;
  // Query objects have a callback of their own.
  if (typeof text !== 'string' || (submit && !callback)) return null;
  return typeof name === 'string' ? { name, text } : { text };
}

function answering(callback: Ask, done: (error: unknown) => void): Ask {
  return (error, ...rest) => {
    done(error);
    return callback(error, ...rest);
  };
}

function verbOf(text: string): string {
  return /\w+/.exec(text)?.[0].toUpperCase() ?? 'SQL';
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, 1_000);
}
