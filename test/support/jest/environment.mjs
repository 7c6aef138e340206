// The one global object of the worker, for `runtime.mjs`: what a test file leaves in it is taken out.
import { ModuleMocker } from 'jest-mock';

const EVENT_HANDLERS = Symbol.for('EVENT_HANDLERS');
const pristine = { console: globalThis.console, exit: process.exit };

export default class NativeEnvironment {
  global = globalThis;
  moduleMocker = new ModuleMocker(globalThis);
  fakeTimers = null;
  fakeTimersModern = null;
  #environment = { ...process.env };
  #last = [];

  constructor() {
    // Handlers of the test framework's events: those of the file before.
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
      if (!(name in this.#environment)) delete process.env[name];
    }
    Object.assign(process.env, this.#environment);
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }

  /** Jest asks for it before a run and never uses it: no module is loaded into a context. */
  getVmContext() {
    return {};
  }
}
