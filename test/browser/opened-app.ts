import type { Browser } from 'playwright-core';
import { startApp, type TestApp } from '../support/app.js';
import { launch } from './chromium.js';

export interface OpenedApp {
  atrium: TestApp;
  browser: Browser;
  /** Address of the application, without a slash at its end. */
  home: string;
}

/** The application and a browser for the tests around the call, from before the first to after the last. */
export function openedApp(prepare?: (app: OpenedApp) => Promise<void>): OpenedApp {
  const app: Partial<OpenedApp> = {};
  const opened = app as OpenedApp;
  beforeAll(async () => {
    app.atrium = await startApp();
    app.browser = await launch();
    app.home = await app.atrium.app.getUrl();
    await prepare?.(opened);
  });
  afterAll(async () => {
    await app.browser?.close();
    await app.atrium?.stop();
  });
  return opened;
}
