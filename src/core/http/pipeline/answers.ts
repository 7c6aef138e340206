import type { TextKey } from '../../i18n/text-keys.js';

/** A page to render: `views/<view>.hbs` with its model and the shell around it. */
export class Page {
  constructor(
    readonly view: string,
    readonly model: object,
    readonly options: PageOptions,
  ) {}
}

export interface PageOptions {
  status?: number;
  /** The active entry of the navigation, `dashboard` for example. */
  section?: string;
}

/** A redirect; thrown by guards, returned by handlers. */
export class Redirect {
  constructor(
    readonly location: string,
    readonly status: 301 | 302 | 303 = 303,
    readonly flash?: FlashMessage,
  ) {}
}

/** A one-time message for the next page, as a translation key: translated into the language of that page. */
export interface FlashMessage {
  kind: 'success' | 'info' | 'warning' | 'error';
  key: TextKey;
  args?: Record<string, string | number>;
  /** The undo path of this site to POST to, `/invoices/<id>/restore/`, with what the form holds. */
  undo?: string | Undo;
}

export interface Undo {
  path: string;
  fields: Readonly<Record<string, string>>;
}

export type Answer = Page | Redirect;

export function page(view: string, model: object = {}, options: PageOptions = {}): Page {
  return new Page(view, model, options);
}

/** 303 See Other (RFC 9110 §15.4.4), after a successful form. `location` is a path of this site. */
export function seeOther(location: string, flash?: FlashMessage): Redirect {
  return new Redirect(location, 303, flash);
}

export function success(key: TextKey, args?: FlashMessage['args']): FlashMessage {
  return { kind: 'success', key, ...(args ? { args } : {}) };
}
