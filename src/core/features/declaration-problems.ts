import type { FeatureDeclaration } from './feature.js';

type Declarations = readonly FeatureDeclaration[];

/**
 * What declarations lack or contradict, in sentences that name the file and what to write there. Words,
 * views and samples are compared by `npm run check`, since they are not loaded with the declarations.
 */
export function declarationProblems(features: Declarations): string[] {
  return [
    ...notExported(features),
    ...unknownTables(features),
    ...unknownKinds(features),
    ...unknownPermissions(features),
    ...unknownFlags(features),
    ...unknownFirstRows(features),
    ...unknownSections(features),
    ...unknownParents(features),
    ...unknownSubjects(features),
    ...unknownSamples(features),
    ...oddPermissions(features),
    ...oddNotifications(features),
  ];
}

/** As errors and tests name it. */
export function fileOf({ name }: Pick<FeatureDeclaration, 'name'>): string {
  return `src/${name}/${name}.feature.ts`;
}

function names(features: Declarations, of: (feature: FeatureDeclaration) => object | undefined) {
  return new Set(features.flatMap((feature) => Object.keys(of(feature) ?? {})));
}

/** An organisation takes all of its data away, unless somebody has decided that it does not. */
function notExported(features: Declarations): string[] {
  const exported = new Set(
    features.flatMap(({ exportParts = {} }) =>
      Object.values(exportParts).map(({ table }) => table),
    ),
  );
  return features.flatMap((feature) =>
    Object.entries(feature.tables ?? {})
      .filter(([table, { kind }]) => kind === 'tenant' && !exported.has(table))
      .filter(([, { notExported: reason }]) => !reason)
      .map(
        ([table]) =>
          `${fileOf(feature)}: no organisation can take away its rows of "${table}": write exportParts: { <name>: { text: '…', table: '${table}', columns: […] } }, or notExported: '<why>' on the table`,
      ),
  );
}

function unknownTables(features: Declarations): string[] {
  const tables = names(features, (feature) => feature.tables);
  return features.flatMap((feature) =>
    Object.entries(feature.exportParts ?? {})
      .filter(([, { table }]) => !tables.has(table))
      .map(
        ([name, { table }]) =>
          `${fileOf(feature)}: exportParts.${name} is of the table "${table}": write tables.${table}`,
      ),
  );
}

function unknownKinds(features: Declarations): string[] {
  const kinds = names(features, ({ audit }) => audit?.kinds);
  return features.flatMap((feature) =>
    Object.entries(feature.audit?.actions ?? {})
      .filter(([, { kind }]) => !kinds.has(kind))
      .map(
        ([action, { kind }]) =>
          `${fileOf(feature)}: audit.actions["${action}"] is of the kind "${kind}": write audit.kinds.${kind}`,
      ),
  );
}

function unknownPermissions(features: Declarations): string[] {
  const permissions = names(features, (feature) => feature.permissions);
  return features.flatMap((feature) =>
    Object.entries(feature.audit?.actions ?? {}).flatMap(([action, { eventNeeds, isShared }]) => {
      if (eventNeeds === undefined) return [];
      if (!isShared) {
        return [
          `${fileOf(feature)}: audit.actions["${action}"] is no event unless all members may read it: write isShared`,
        ];
      }
      return permissions.has(eventNeeds)
        ? []
        : [
            `${fileOf(feature)}: the event "${action}" needs "${eventNeeds}": write permissions["${eventNeeds}"]`,
          ];
    }),
  );
}

function unknownFlags(features: Declarations): string[] {
  const flags = names(features, (feature) => feature.flags);
  return features.flatMap((feature) => {
    const { nav = [], settingsTabs = [], profileSections = [], dashboardActions = [] } = feature;
    const { childLists = [] } = feature;
    return [...nav, ...settingsTabs, ...profileSections, ...dashboardActions, ...childLists]
      .filter(({ flag }) => flag !== undefined && !flags.has(flag))
      .map(
        ({ href, flag }) =>
          `${fileOf(feature)}: the link to ${href} is behind the flag "${flag}": write flags.${flag}`,
      );
  });
}

function unknownFirstRows(features: Declarations): string[] {
  const tables = names(features, (feature) => feature.tables);
  return features.flatMap((feature) =>
    (feature.dashboardActions ?? [])
      .filter(({ firstOf }) => firstOf !== undefined && !tables.has(firstOf))
      .map(
        ({ href, firstOf }) =>
          `${fileOf(feature)}: the action ${href} adds the first row of "${firstOf}": write tables.${firstOf}`,
      ),
  );
}

function unknownSections(features: Declarations): string[] {
  const sections = features.flatMap(({ profileSections = [] }) => profileSections);
  return features.flatMap((feature) =>
    (feature.profileCards ?? [])
      .filter(({ section }) => !sections.some(({ name }) => name === section))
      .map(
        ({ section, source }) =>
          `${fileOf(feature)}: the card ${source.name} is on the profile section "${section}": write profileSections with that name`,
      ),
  );
}

function unknownParents(features: Declarations): string[] {
  const permissions = names(features, (feature) => feature.permissions);
  return features.flatMap((feature) =>
    (feature.childLists ?? []).flatMap(({ of, href, reads, writes }) => [
      ...(features.some(({ name }) => name === of)
        ? []
        : [`${fileOf(feature)}: the list ${href} is of "${of}", which is no feature`]),
      ...[reads, writes]
        .filter((permission) => !permissions.has(permission))
        .map(
          (permission) =>
            `${fileOf(feature)}: the list ${href} of "${of}" needs "${permission}": write permissions["${permission}"]`,
        ),
    ]),
  );
}

function unknownSubjects(features: Declarations): string[] {
  const cards = names(features, (feature) => feature.subjectCards);
  const permissions = names(features, (feature) => feature.permissions);
  const unread = features.flatMap((feature) =>
    Object.entries(feature.subjectCards ?? {})
      .filter(([, { reads }]) => !permissions.has(reads))
      .map(
        ([name, { reads }]) =>
          `${fileOf(feature)}: subjectCards.${name} needs "${reads}": write permissions["${reads}"]`,
      ),
  );
  const unkept = features.flatMap((feature) =>
    Object.entries(feature.subjects ?? {}).flatMap(([kind, { has }]) => [
      ...(feature.tables?.[kind]?.kind === 'tenant'
        ? []
        : [
            `${fileOf(feature)}: subjects.${kind} is no table of organisations: write tables.${kind}`,
          ]),
      ...has
        .filter((name) => !cards.has(name))
        .map(
          (name) =>
            `${fileOf(feature)}: subjects.${kind} has "${name}", which no feature keeps: see subjectCards`,
        ),
    ]),
  );
  return [...unread, ...unkept];
}

/** The role that takes sample rows away can be held to those alone. */
function unknownSamples(features: Declarations): string[] {
  return features.flatMap((feature) =>
    Object.keys(feature.sampleData ?? {})
      .filter((table) => {
        const { kind, grants } = feature.tables?.[table] ?? {};
        return kind !== 'tenant' || !grants?.samples?.includes('delete');
      })
      .map(
        (table) =>
          `${fileOf(feature)}: sampleData.${table}: write grants: { samples: ['select', 'delete'] } on tables.${table}, and call letSamplesGo in a migration`,
      ),
  );
}

function oddPermissions(features: Declarations): string[] {
  return features.flatMap((feature) =>
    Object.keys(feature.permissions ?? {})
      .filter((name) => !/^[a-z_]+:(read|write)$/.test(name))
      .map(
        (name) =>
          `${fileOf(feature)}: the permission "${name}" is not <resource>:read or <resource>:write`,
      ),
  );
}

function oddNotifications(features: Declarations): string[] {
  const mails = names(features, (feature) => feature.mails);
  return features.flatMap((feature) =>
    Object.entries(feature.notifications ?? {}).flatMap(([kind, { href, mail }]) => {
      const said = `${fileOf(feature)}: notifications["${kind}"]`;
      return [
        /^[a-z_]+\.[a-z_]+$/.test(kind)
          ? null
          : `${said} is not named <subject>.<what happened>, in lower case`,
        href.startsWith('/') ? null : `${said} leads to "${href}": write a path, /<page>/`,
        mail === undefined || mails.has(mail)
          ? null
          : `${said} is said by the mail "${mail}": write mails["${mail}"], or leave mail out`,
      ].filter((problem) => problem !== null);
    }),
  );
}
