import { Injectable } from '@nestjs/common';
import { page, type Page } from '../http/pipeline/answers.js';
import { me } from '../http/access/current-user.js';
import type { TextKey } from '../i18n/text-keys.js';
import { GROUPS } from './admin-entity.js';
import { AdminWords } from './admin-words.js';
import { BackOffice } from './back-office.js';

export interface Crumb {
  href: string;
  text: string;
}

interface NavGroup {
  /** Text key suffix under `back-office.groups`. */
  name: string;
  links: Array<Crumb & { icon: string; current: boolean }>;
}

/** Pages of the back office without an entity, by the path below `/admin/`. */
const OWN_PAGES: ReadonlyArray<{ path: string; icon: string; key: TextKey }> = [
  { path: '', icon: 'gauge', key: 'back-office.overview' },
  { path: 'flags', icon: 'tool', key: 'flags.title' },
];

/** Builds the frame of back-office pages: navigation and breadcrumbs. */
@Injectable()
export class AdminShell {
  constructor(
    private readonly office: BackOffice,
    private readonly words: AdminWords,
  ) {}

  /**
   * `current`: the active navigation entry (path below `/admin/`); `crumbs`: the breadcrumbs; `q`: what the search was
   * asked for.
   */
  page(
    view: string,
    model: object,
    current: string,
    crumbs: Crumb[] = [],
    q: string | null = null,
  ): Page {
    const { isSuperuser } = me();
    const admin = { groups: this.groups(current), crumbs, isSuperuser, q };
    return page(view, { ...model, admin }, { section: 'admin' });
  }

  private groups(current: string): NavGroup[] {
    const own = OWN_PAGES.map(({ path, icon, key }) => ({
      href: path ? `/admin/${path}/` : '/admin/',
      text: this.words.say(key),
      icon,
      current: path === current,
    }));
    const groups = GROUPS.map((name) => ({
      name,
      links: this.office
        .all()
        .filter(({ declared }) => declared.group === name)
        .map((list) => ({
          href: list.address(),
          text: this.words.plural(list),
          icon: list.declared.icon,
          current: list.path === current,
        })),
    }));
    return [{ name: 'overview', links: own }, ...groups];
  }
}
