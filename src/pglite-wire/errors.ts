/** A data folder must not be written by two processes, so the second one is refused. */
export class FolderInUseError extends Error {
  override readonly name = 'FolderInUseError';

  constructor(
    readonly folder: string,
    readonly pid: number | undefined,
  ) {
    const owner = pid === undefined ? 'another process' : `process ${pid}`;
    super(`The data folder ${folder} is in use by ${owner}.`);
  }
}

/** The engine crashed; committed data is safe. */
export class EngineCrashError extends Error {
  override readonly name = 'EngineCrashError';

  constructor(cause: unknown) {
    // An exit of the engine is thrown as an object that only resembles an Error.
    const reason = (cause as Partial<Error> | undefined)?.message ?? String(cause);
    super(`The embedded database stopped: ${reason}`, { cause });
  }
}
