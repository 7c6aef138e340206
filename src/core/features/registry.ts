import { declarationProblems, fileOf } from './declaration-problems.js';
import type { Role } from '../context/principal.js';
import type {
  AuditDeclaration,
  FeatureDeclaration,
  OnboardingStepDeclaration,
  PermissionDeclaration,
} from './feature.js';
import type { SearchDeclaration } from './search.js';
import type { AuditKind, OnboardingStepName, Permission } from './names.js';

let features: readonly FeatureDeclaration[] = [];
/** Values derived from the declarations, cached by name until the declarations change. */
const made = new Map<string, unknown>();

/**
 * Registers the declarations; called once by `src/features.ts`, before the application starts.
 * @throws Error when two features declare the same name
 */
export function installFeatures(all: readonly FeatureDeclaration[]): void {
  features = all;
  made.clear();
  for (const part of RECORDS) merged(part);
  for (const part of AUDIT_RECORDS) mergedAudit(part);
  const problems = declarationProblems(all);
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

/** All features, in order. */
export function installedFeatures(): readonly FeatureDeclaration[] {
  if (features.length === 0) throw new Error('No features: src/features.ts has not been loaded');
  return features;
}

/** The scopes an API key can be given, in alphabetical order. */
export function apiScopes(): readonly Permission[] {
  return once('scopes', () => named(({ isForPeopleOnly }) => !isForPeopleOnly));
}

/** The permissions of a role. */
export function permissionsOf(role: Role): readonly Permission[] {
  return once(`permissions of ${role}`, () => named(({ roles }) => roles.includes(role)));
}

function named(isMeant: (permission: PermissionDeclaration) => boolean): Permission[] {
  const all = [...merged('permissions')].filter(([, permission]) => isMeant(permission));
  return all.map(([name]) => name as Permission).sort();
}

const RECORDS = [
  'tables',
  'permissions',
  'entitlements',
  'limits',
  'flags',
  'onboardingSteps',
  'queues',
  'rateLimits',
  'mails',
  'notifications',
  'exportParts',
  'storageFolders',
  'search',
  'subjects',
  'subjectCards',
  'sampleData',
] as const;
const AUDIT_RECORDS = ['kinds', 'actions'] as const;
const LISTS = [
  'nav',
  'settingsTabs',
  'profileSections',
  'profileCards',
  'dashboardActions',
  'childLists',
  'publicPages',
  'agenda',
  'checklist',
  'onboardingOffers',
] as const;

type Entries<T> = T extends Readonly<Record<string, infer Entry>> ? Entry : never;

/** Merges what all features declare under `part`, by name. */
export function merged<Part extends (typeof RECORDS)[number]>(
  part: Part,
): ReadonlyMap<string, Entries<NonNullable<FeatureDeclaration[Part]>>> {
  return mergedBy((feature) => feature[part], part);
}

/** What is declared under that name. @throws Error when no feature declares it */
export function declared<Part extends (typeof RECORDS)[number]>(
  part: Part,
  name: string,
): Entries<NonNullable<FeatureDeclaration[Part]>> {
  const found = merged(part).get(name);
  if (!found) throw new Error(`No feature declares ${part}.${name}`);
  return found;
}

/** The feature that declares it. @throws Error when none does */
export function declaredBy(part: (typeof RECORDS)[number], name: string): FeatureDeclaration {
  const owner = installedFeatures().find((feature) => Object.hasOwn(feature[part] ?? {}, name));
  if (!owner) throw new Error(`No feature declares ${part}.${name}`);
  return owner;
}

/** The file that declares it, for whoever has to write something there. */
export function declaredIn(part: (typeof RECORDS)[number], name: string): string {
  return merged(part).has(name) ? fileOf(declaredBy(part, name)) : 'src/features.ts';
}

/** The feature that declares it in `audit`. @throws Error when none does */
export function auditDeclaredBy(
  part: (typeof AUDIT_RECORDS)[number],
  name: string,
): FeatureDeclaration {
  const owner = installedFeatures().find(({ audit }) => Object.hasOwn(audit?.[part] ?? {}, name));
  if (!owner) throw new Error(`No feature declares audit.${part}.${name}`);
  return owner;
}

export function mergedAudit<Part extends (typeof AUDIT_RECORDS)[number]>(
  part: Part,
): ReadonlyMap<string, Entries<NonNullable<AuditDeclaration[Part]>>> {
  return mergedBy((feature) => feature.audit?.[part], `audit.${part}`);
}

/** Joins what all features declare in the list `part`, lowest position first. */
export function listed<Part extends (typeof LISTS)[number]>(
  part: Part,
): ReadonlyArray<NonNullable<FeatureDeclaration[Part]>[number]> {
  return once(part, () =>
    inOrder(
      installedFeatures().flatMap((feature) => [...(feature[part] ?? [])]),
      ({ position }) => position,
    ),
  );
}

/** Onboarding steps by name, lowest position first. */
export function onboardingSteps(): ReadonlyArray<[OnboardingStepName, OnboardingStepDeclaration]> {
  return once('ordered steps', () =>
    inOrder([...merged('onboardingSteps')], ([, { position }]) => position),
  ) as ReadonlyArray<[OnboardingStepName, OnboardingStepDeclaration]>;
}

/** The kinds of rows that are found by typing, lowest position first. */
export function searchKinds(): ReadonlyArray<[string, SearchDeclaration]> {
  return once('ordered search', () =>
    inOrder([...merged('search')], ([, { position }]) => position),
  );
}

/**
 * The feature that says how `field` is recorded: the one that declares `action`, else the first that declares
 * the field. Features may declare fields of the same name, as each has rows of its own.
 */
export function auditFieldOwner(field: string, action?: string): FeatureDeclaration | undefined {
  const owners = auditFieldOwners().get(field) ?? [];
  const isActor = ({ audit }: FeatureDeclaration) =>
    Object.hasOwn(audit?.actions ?? {}, action ?? '');
  return owners.find(isActor) ?? owners[0];
}

function auditFieldOwners(): ReadonlyMap<string, readonly FeatureDeclaration[]> {
  return once('owners of audit.fields', () => {
    const declared = installedFeatures().flatMap((feature) =>
      Object.keys(feature.audit?.fields ?? {}).map((field) => ({ field, feature })),
    );
    const byField = Map.groupBy(declared, ({ field }) => field);
    return new Map([...byField].map(([field, all]) => [field, all.map(({ feature }) => feature)]));
  });
}

/** Fields that hold ids of rows, with the SQL that reads a title by such an id: one for each kind of row. */
export function auditTitles(): ReadonlyMap<string, ReadonlySet<(id: string) => string>> {
  return once('titles of audit.fields', () => {
    const titles = new Map<string, Set<(id: string) => string>>();
    for (const { audit } of installedFeatures()) {
      for (const [field, declared] of Object.entries(audit?.fields ?? {})) {
        if (typeof declared !== 'object' || !('titleOf' in declared)) continue;
        titles.set(field, (titles.get(field) ?? new Set()).add(declared.titleOf));
      }
    }
    return titles;
  });
}

/** The kinds of the audit trail, lowest position first. */
export function auditKinds(): readonly AuditKind[] {
  return once('kinds', () =>
    inOrder([...mergedAudit('kinds')], ([, { position }]) => position).map(([kind]) => kind),
  ) as readonly AuditKind[];
}

function inOrder<T>(all: readonly T[], positionOf: (one: T) => number): readonly T[] {
  return [...all].sort((one, other) => positionOf(one) - positionOf(other));
}

function once<T>(name: string, make: () => T): T {
  if (!made.has(name)) made.set(name, make());
  return made.get(name) as T;
}

function mergedBy<Entry>(
  declarations: (feature: FeatureDeclaration) => object | undefined,
  part: string,
): ReadonlyMap<string, Entry> {
  return once(`by name: ${part}`, () => mergeBy<Entry>(declarations, part));
}

function mergeBy<Entry>(
  declarations: (feature: FeatureDeclaration) => object | undefined,
  part: string,
): ReadonlyMap<string, Entry> {
  const by = new Map<string, FeatureDeclaration>();
  const all = new Map<string, Entry>();
  for (const feature of installedFeatures()) {
    for (const [name, entry] of Object.entries(declarations(feature) ?? {})) {
      if (all.has(name)) {
        throw new Error(
          `${part}: "${name}" is declared in ${fileOf(by.get(name)!)} and in ${fileOf(feature)}`,
        );
      }
      by.set(name, feature);
      all.set(name, entry as Entry);
    }
  }
  return all;
}
