import type { Role } from '../context/principal.js';
import type { AuditDeclaration, FeatureDeclaration, PermissionDeclaration } from './feature.js';
import type { Permission } from './names.js';

let features: readonly FeatureDeclaration[] = [];
const known = new Map<string, ReadonlyMap<string, unknown>>();

/**
 * Makes the declarations known; `src/features.ts` does it once, before the application starts.
 * @throws Error when two features declare the same name, with both of them
 */
export function installFeatures(all: readonly FeatureDeclaration[]): void {
  features = all;
  known.clear();
  for (const part of RECORDS) merged(part);
  for (const part of AUDIT_RECORDS) mergedAudit(part);
}

/** Every feature, in its order. */
export function installedFeatures(): readonly FeatureDeclaration[] {
  if (features.length === 0) throw new Error('No features: src/features.ts has not been loaded');
  return features;
}

/** The scopes an API key can be given, in alphabetical order. */
export function apiScopes(): readonly Permission[] {
  return named(({ isForPeopleOnly }) => !isForPeopleOnly);
}

/** What people in this role may do. */
export function permissionsOf(role: Role): readonly Permission[] {
  return named(({ roles }) => roles.includes(role));
}

function named(isMeant: (permission: PermissionDeclaration) => boolean): Permission[] {
  const all = [...merged('permissions')].filter(([, permission]) => isMeant(permission));
  return all.map(([name]) => name as Permission).sort();
}

const RECORDS = [
  'tables',
  'permissions',
  'flags',
  'onboardingSteps',
  'queues',
  'rateLimits',
] as const;
const AUDIT_RECORDS = ['kinds', 'actions', 'fields'] as const;
const LISTS = ['nav', 'settingsTabs', 'dashboardActions'] as const;

type Entries<T> = T extends Readonly<Record<string, infer Entry>> ? Entry : never;

/** What all features declare under `part`, by name. */
export function merged<Part extends (typeof RECORDS)[number]>(
  part: Part,
): ReadonlyMap<string, Entries<NonNullable<FeatureDeclaration[Part]>>> {
  return mergedBy((feature) => feature[part], part);
}

export function mergedAudit<Part extends (typeof AUDIT_RECORDS)[number]>(
  part: Part,
): ReadonlyMap<string, Entries<NonNullable<AuditDeclaration[Part]>>> {
  return mergedBy((feature) => feature.audit?.[part], `audit.${part}`);
}

/** What all features declare in the list `part`, lowest position first. */
export function listed<Part extends (typeof LISTS)[number]>(
  part: Part,
): Array<NonNullable<FeatureDeclaration[Part]>[number]> {
  const all = installedFeatures().flatMap((feature) => [...(feature[part] ?? [])]);
  return all.sort((one, other) => one.position - other.position);
}

function mergedBy<Entry>(
  declarations: (feature: FeatureDeclaration) => object | undefined,
  part: string,
): ReadonlyMap<string, Entry> {
  const before = known.get(part);
  if (before) return before as ReadonlyMap<string, Entry>;
  const by = new Map<string, string>();
  const all = new Map<string, Entry>();
  for (const feature of installedFeatures()) {
    for (const [name, entry] of Object.entries(declarations(feature) ?? {})) {
      if (all.has(name)) {
        throw new Error(
          `${part}: "${name}" is declared in src/${by.get(name)}/${by.get(name)}.feature.ts and in src/${feature.name}/${feature.name}.feature.ts`,
        );
      }
      by.set(name, feature.name);
      all.set(name, entry as Entry);
    }
  }
  known.set(part, all);
  return all;
}
