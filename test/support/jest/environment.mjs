// The one global object of the worker, for `runtime.mjs`: what a test file leaves in it is taken out.
import { ModuleMocker } from 'jest-mock';

const EVENT_HANDLERS = Symbol.for('EVENT_HANDLERS');
const pristine = { console: globalThis.console, exit: process.exit };
/** As `patience()` of ../limits.ts. */
const patience = 3 * Number(process.env.ATRIUM_TEST_SLOWNESS ?? 1);

export default class NativeEnvironment {
  global = globalThis;
  moduleMocker = new ModuleMocker(globalThis);
  fakeTimers = null;
  fakeTimersModern = null;
  #variables = { ...process.env };
  #last = [];

  constructor() {
    // Of the test file before: they would go on listening.
    delete globalThis[EVENT_HANDLERS];
  }

  beforeTeardown(action) {
    this.#last.push(action);
  }

  async setup() {}

  async teardown() {
    for (const action of this.#last) action();
    globalThis.console = pristine.console;
    process.exit = pristine.exit;
    for (const name of Object.keys(process.env)) {
      if (!(name in this.#variables)) delete process.env[name];
    }
    Object.assign(process.env, this.#variables);
    // Jest keeps the tests of a file under a symbol of that file: they would hold its application for ever.
    for (const symbol of Object.getOwnPropertySymbols(globalThis)) {
      if (symbol.description === 'JEST_STATE_SYMBOL') delete globalThis[symbol];
    }
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }

  /** Jest wants one and never uses it: no module is loaded into a context. */
  getVmContext() {
    return {};
  }

  /** Limits grow with the slowness of the machine, and one that was exceeded says what to do. */
  handleTestEvent(event, state) {
    switch (event.name) {
      case 'setup':
        state.testTimeout = Math.round(state.testTimeout * patience);
        return;
      case 'hook_start':
        return lengthen(event.hook);
      case 'test_start':
        return lengthen(event.test);
      case 'run_finish':
        return explain(state.rootDescribeBlock);
    }
  }
}

/** A hook or test with a limit of its own. */
function lengthen(limited) {
  if (limited.timeout && !limited.isLengthened) {
    limited.timeout = Math.round(limited.timeout * patience);
    limited.isLengthened = true;
  }
}

/** Errors are kept as they were thrown, with the place of the test beside them. */
function explain(block) {
  for (const child of block.children) {
    if (child.type === 'describeBlock') explain(child);
    else child.errors = child.errors.map((error) => [error].flat().map(withAdvice));
  }
}

function withAdvice(thrown) {
  if (!String(thrown).startsWith('Exceeded timeout of')) return thrown;
  const [limit] = String(thrown).split('\n');
  return `Too slow. ${limit} ATRIUM_TEST_TIMEOUT=${Math.round(40_000 * patience)} (the limit of a test in ms) gives all of them longer on a slow or busy machine.`;
}
