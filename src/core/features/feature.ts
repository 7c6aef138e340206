import type { Type } from '@nestjs/common';
import type { AppConfig } from '../config/config.js';
import type { Principal, Role } from '../context/principal.js';
import type { Grants } from '../database/privileged/database-roles.js';
import type { Demo } from './demo.js';
import type { MailDeclaration } from './mail.js';
import type { NotificationDeclaration } from './notification.js';
import type { PublicPageDeclaration } from './public-page.js';
import type { AgendaDeclaration } from './agenda.js';
import type { ChecklistItemDeclaration } from './checklist.js';
import type { SampleDataDeclaration } from './sample-data.js';
import type { SearchDeclaration } from './search.js';
import type { SubjectCardDeclaration, SubjectDeclaration } from './subject.js';
import type { Locale } from '../i18n/locales.js';
import type { TextKey } from '../i18n/text-keys.js';
import type { Card } from '../http/pages/card.js';
import type { QueueOptions } from '../jobs/queues.js';
import type { RateLimitPolicy } from '../http/security/rate-limits.js';

/**
 * What a table holds:
 * - `tenant`: data of one organisation; row-level security by organisation
 * - `personal`: data of one person; row-level security by person, or for privileged roles only
 * - `global`: the operator's own, naming no person and no organisation
 * - `reference`: the world as it is; the same for everybody
 */
export type TableKind = 'tenant' | 'personal' | 'global' | 'reference';

export interface TableDeclaration {
  kind: TableKind;
  /** Of a `tenant` table that no export part holds: why an organisation does not take it away. */
  notExported?: string;
  /**
   * Of a `tenant` table: why its rows stay when their organisation is erased. What is personal in them and need not
   * stay is removed by a step of the erasure. Absent: they are deleted.
   */
  kept?: string;
  /** Operations of privileged roles on rows of any organisation or person; default: none. */
  grants?: Grants;
}

/** A link of the navigation, a tab or an action. Shown to its audience, where its flag is on. */
export interface Link {
  href: string;
  icon: string;
  text: TextKey;
  /** Lowest first. */
  position: number;
  /** Default: everybody. */
  audience?: 'admin' | 'not_admin' | 'staff';
  flag?: string;
  /** Leads to a form: shown but disabled during read-only impersonation. */
  opensForm?: true;
}

/** An entry of the navigation; `section` is the name by which pages mark it as active. */
export interface NavLink extends Link {
  section: string;
  /** Group in the side bar, above or below the line. Absent: not in the side bar. */
  group?: 'main' | 'administration';
  /** Also in the dock of phones, which has three places. */
  isInDock?: boolean;
}

/** A quick action of the dashboard. */
export interface DashboardAction extends Link {
  /** The table whose first row it adds: also in the checklist of a new organisation. */
  firstOf?: string;
}

/** A page among others of the settings or of one's own profile. */
export interface Tab extends Omit<Link, 'icon' | 'audience'> {
  /** The name by which its page marks it as active. */
  name: string;
  /** Hidden during impersonation. */
  isHiddenFromImpersonators?: boolean;
}

/** A card on a section of the profile, below the section's own. */
export interface ProfileCardDeclaration {
  /** Name of the section: `security`. */
  section: string;
  /** Lowest first. */
  position: number;
  source: Type<CardSource>;
  /** Hidden during impersonation. */
  isHiddenFromImpersonators?: boolean;
}

/** Makes a card; a provider of the feature. */
export interface CardSource {
  /** `card('<feature>/partials/<name>', model)`; null: not shown. */
  card(me: Principal): Promise<Card | null>;
}

/** Rows of the feature, listed on the page of the row that they belong to (`ChildLists`). */
export interface ChildListDeclaration {
  /** The feature of that row. */
  of: string;
  table: string;
  /** The column that holds the id of that row. */
  column: string;
  /** The column that names a row. */
  title: string;
  /** Path of the list: a row is at `<href><id>/`, a new one at `<href>new/?<column>=<id>`. */
  href: string;
  text: TextKey;
  subtitle?: TextKey;
  /** The link to the form that adds one. */
  add: TextKey;
  /** Lowest first. */
  position: number;
  /** Permissions to read rows, and to add one. */
  reads: string;
  writes: string;
  flag?: string;
}

export interface OnboardingStepDeclaration {
  path: string;
  /** Lowest first. */
  position: number;
  /** What the progress calls it. Absent: not in the progress. */
  stage?: TextKey;
  /** Staff take it before the back office too. */
  isForBackOffice?: true;
  isDone(
    principal: Principal,
    rules: Pick<AppConfig, 'REQUIRE_VERIFIED_EMAIL' | 'REQUIRE_STAFF_SECOND_FACTOR'>,
  ): boolean;
}

/**
 * A page that the founder of an organisation is led to after the onboarding steps, and may skip. Nobody is held up by it,
 * and the API does not know it.
 */
export interface OnboardingOfferDeclaration {
  name: string;
  path: string;
  /** Lowest first. */
  position: number;
  /** What the progress calls it. */
  stage: TextKey;
}

export interface AuditDeclaration {
  /** Kinds to filter by; texts `<feature>.audit.kinds.<kind>`. */
  kinds?: Readonly<Record<string, { icon: string; position: number }>>;
  /** Actions that are recorded; sentences `<feature>.audit.actions.<action>`. */
  actions?: Readonly<Record<string, AuditActionDeclaration>>;
  /**
   * Fields whose values an entry records, in snake case; labels `<feature>.audit.fields.<field>`. Undeclared
   * fields are not recorded.
   */
  fields?: Readonly<Record<string, AuditFieldDeclaration>>;
}

export interface AuditActionDeclaration {
  kind: string;
  /** All members read it on the dashboard (a migration adds it to the index `idx_audit_entry_shared`). */
  isShared?: true;
  /**
   * What whoever chooses the webhook event of a shared action has to be allowed to: a permission, such as
   * `projects:read`. Absent: the action is no event.
   */
  eventNeeds?: string;
  /** Another sentence by the new value of a field: `<sentences>.<value>`, where that text exists. */
  byNewValue?: { field: string; sentences: string };
}

/**
 * How a field is recorded and shown: as it is, masked (personal data), or translated. `words`: the text keys
 * without `.<value>`; `textOf`: the text key of a value; `nameOf`: a code of reference data; `titleOf`: the id of a
 * row, shown by the SQL that reads its title, as far as the reader may read that; `idsOf`: the SQL of the ids and
 * titles (lower case) of rows that can be chosen, by an array of such titles, with which imports find them.
 */
export type AuditFieldDeclaration =
  | 'plain'
  | 'masked'
  | { words: string }
  | { textOf: (value: string) => TextKey | undefined }
  | { nameOf: (code: string, locale: Locale) => string }
  | { titleOf: (id: string) => string; idsOf?: (titles: string) => string };

export interface PermissionDeclaration {
  /** Roles of an organisation that have the permission. */
  roles: readonly Role[];
  /** Not a scope of the API: a key can never have it. */
  isForPeopleOnly?: true;
}

/** Something people have none or a number of, up to what was bought. */
export interface LimitDeclaration {
  /** How many there may be without a paid plan; paid plans are listed in `billing/catalogue/plans.ts`. */
  free: number;
  /** What people are told who may have no more; `{max}` is how many there may be. */
  reached: TextKey;
}

/** The rows of an export part that are not simply those of its table; a provider of the feature. */
export interface ExportSource {
  /** Reads in batches, each a short read of its own, so that a long list is never held in memory. */
  rows(): AsyncIterable<Readonly<Record<string, unknown>>>;
}

/** A part of what an organisation takes away, named as its files are: `members.json`, `members.csv`. */
export interface ExportPartDeclaration {
  /** What it is, on the page that offers the download. */
  text: TextKey;
  /** The table whose rows it tells of. */
  table: string;
  /** Those of the table, or what `source` gives. Secrets are not data. */
  columns: readonly string[];
  source?: Type<ExportSource>;
}

/** A kind of file in the storage, named as the first folder of its keys. */
export type StorageFolderDeclaration =
  ImageFolderDeclaration | { holds: 'archives' } | { holds: 'files' };

/** Pictures people upload, in a form field of that name; kept as WebP. */
export interface ImageFolderDeclaration {
  holds: 'images';
  /** `cover` cuts a square of `side` × `side` pixels; `inside` keeps the whole, no side longer. */
  fit: 'cover' | 'inside';
  side: number;
  /** 1 to 100, of WebP. */
  quality: number;
  /** Keeps edges of colours sharp, as lettering needs. */
  smartSubsample?: true;
  /** Also shown by mails, that is by pages of other sites. */
  isInMails?: true;
}

/** Declaration of a feature. Everything that lists features, here and in the tests, reads it. */
export interface FeatureDeclaration {
  /** Name of its folder in `src/`. */
  name: string;
  module: Type;
  /** Not registered in production. */
  isForDevelopment?: true;
  tables?: Readonly<Record<string, TableDeclaration>>;
  /** Permissions, `<resource>:read` or `<resource>:write`; writing does not include reading. */
  permissions?: Readonly<Record<string, PermissionDeclaration>>;
  audit?: AuditDeclaration;
  /** What an organisation has only where it bought it, and what staff call it. */
  entitlements?: Readonly<Record<string, { description: TextKey }>>;
  /** What an organisation has so many of as it bought. */
  limits?: Readonly<Record<string, LimitDeclaration>>;
  /** Feature flags: their default, and a description for staff. */
  flags?: Readonly<Record<string, { default: boolean; description: TextKey }>>;
  nav?: readonly NavLink[];
  settingsTabs?: readonly Tab[];
  /** Pages of the profile, each with an address: `/profile/<name>/`. */
  profileSections?: readonly Tab[];
  profileCards?: readonly ProfileCardDeclaration[];
  dashboardActions?: readonly DashboardAction[];
  /** What a new organisation begins with. */
  checklist?: readonly ChecklistItemDeclaration[];
  childLists?: readonly ChildListDeclaration[];
  /** Pages for anybody that search engines list. */
  publicPages?: readonly PublicPageDeclaration[];
  /** Kinds of rows that are found by typing on any page, by name. */
  search?: Readonly<Record<string, SearchDeclaration>>;
  agenda?: readonly AgendaDeclaration[];
  /** Tables whose rows other features keep something about. */
  subjects?: Readonly<Record<string, SubjectDeclaration>>;
  /** What it keeps about rows of other features, by name. */
  subjectCards?: Readonly<Record<string, SubjectCardDeclaration>>;
  /** Onboarding steps by name, which the API returns as `next_step`. */
  onboardingSteps?: Readonly<Record<string, OnboardingStepDeclaration>>;
  onboardingOffers?: readonly OnboardingOfferDeclaration[];
  /** Job queues; the data of a job is declared by merging into `JobData`. */
  queues?: Readonly<Record<string, QueueOptions>>;
  rateLimits?: Readonly<Record<string, RateLimitPolicy>>;
  mails?: Readonly<Record<string, MailDeclaration>>;
  /** Kinds of notifications; told by `Notifications.tell`. */
  notifications?: Readonly<Record<string, NotificationDeclaration>>;
  exportParts?: Readonly<Record<string, ExportPartDeclaration>>;
  /** Its tables to which an admin can add sample rows, by name. */
  sampleData?: Readonly<Record<string, SampleDataDeclaration>>;
  /** Its part of the organisation that `seed-demo` makes up. */
  demo?: () => Promise<Demo>;
  /** Its module says which keys are in use: `StorageGarbageCollector.ownedBy`. */
  storageFolders?: Readonly<Record<string, StorageFolderDeclaration>>;
}

/** Declares a feature. The names in it become members of the unions in `names.ts`. */
export function defineFeature<const F extends FeatureDeclaration>(feature: F): F {
  return feature;
}
