import { Injectable } from '@nestjs/common';
import type { Principal } from '../core/context/principal.js';
import type { Link, Tab } from '../core/features/feature.js';
import { FeatureFlags } from '../core/flags/feature-flags.js';
import { OpenPages } from '../core/http/access/open-pages.js';
import type { TextKey } from '../core/i18n/text-keys.js';
import { Translator } from '../core/i18n/translator.js';
import { dashboardActions, places, tabs, type Viewer } from '../core/views/links.js';
import { rankOf } from './search-words.js';

/** A page or an action, in the person's language. */
export interface Destination {
  href: string;
  icon: string;
  title: string;
  /** The pages it is among: "Settings". */
  within: string | null;
}

/** Number of pages and of actions found. */
const MOST = 8;

/** Pages and actions of the declarations. They are translated for the person, and cost no statement. */
@Injectable()
export class DestinationsService {
  constructor(
    private readonly pages: OpenPages,
    private readonly features: FeatureFlags,
    private readonly texts: Translator,
  ) {}

  /** Pages of the navigation and, once something is typed, of the profile and the settings. */
  pagesFor(me: Principal, q: string | null): Destination[] {
    const viewer = this.viewerOf(me);
    const first = places(viewer).map((link) => this.destination(link, link.icon));
    if (q === null) return chosen(this.open(first), q);
    const others = [
      ...this.among(tabs('profileSections', viewer), 'user', 'profile.nav'),
      ...this.among(tabs('settingsTabs', viewer), 'settings', 'settings.nav'),
    ];
    return chosen(this.open([...first, ...others]), q);
  }

  /** What may be done from the dashboard; forms only by those who may send them. */
  actionsFor(me: Principal, q: string | null): Destination[] {
    const isReadOnly = me.impersonator?.mayWrite === false;
    const actions = dashboardActions(this.viewerOf(me))
      .filter(({ opensForm }) => !(opensForm && isReadOnly))
      .map((link) => this.destination(link, link.icon));
    return chosen(this.open(actions), q);
  }

  private open(all: readonly Destination[]): Destination[] {
    return all.filter(({ href }) => this.pages.isOpen(href));
  }

  private among(all: readonly Tab[], icon: string, group: TextKey): Destination[] {
    return all.map((tab) => this.destination(tab, icon, this.texts.t(group)));
  }

  private destination(
    { href, text }: Pick<Link, 'href' | 'text'>,
    icon: string,
    within: string | null = null,
  ): Destination {
    return { href, icon, title: this.texts.t(text), within };
  }

  private viewerOf({ role, isStaff, impersonator }: Principal): Viewer {
    return {
      user: { isAdmin: role === 'admin', isStaff },
      impersonation: impersonator,
      features: this.features.all(),
    };
  }
}

/** The best matches first, else in the given order; each page once. */
function chosen(all: readonly Destination[], q: string | null): Destination[] {
  const found = q === null ? [...all] : matching(all, q);
  const first = found.filter(
    ({ href }, index) => found.findIndex((other) => other.href === href) === index,
  );
  return first.slice(0, MOST);
}

function matching(all: readonly Destination[], q: string): Destination[] {
  return all
    .map((one) => ({ one, rank: rankOf(q, one.title, one.within ?? '') }))
    .filter(({ rank }) => rank !== null)
    .sort((a, b) => Number(a.rank) - Number(b.rank))
    .map(({ one }) => one);
}
