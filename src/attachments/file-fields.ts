import { fileOf } from '../core/features/declaration-problems.js';
import type { FeatureDeclaration } from '../core/features/feature.js';
import { merged } from '../core/features/registry.js';
import type { TextKey } from '../core/i18n/text-keys.js';

declare module '../core/features/subject.js' {
  interface SubjectDeclaration {
    /** Files that each row has one of: a name in lower case, `signed_copy`, and its label. */
    files?: Readonly<Record<string, TextKey>>;
  }
}

/** The name of the card, by which features say that their rows have files. */
export const ATTACHMENTS = 'attachments';

/** A file that each row of a kind has at most one of. */
export interface FileField {
  name: string;
  label: TextKey;
}

/** In the order in which they are declared. */
export function fileFields(kind: string): FileField[] {
  const { files = {} } = merged('subjects').get(kind) ?? {};
  return Object.entries(files).map(([name, label]) => ({ name, label }));
}

/** What is wrong with `files` of declarations, in sentences that name the file and what to write there. */
export function fileFieldProblems(features: readonly FeatureDeclaration[]): string[] {
  return features.flatMap((feature) =>
    Object.entries(feature.subjects ?? {}).flatMap(([kind, { has, files = {} }]) => {
      const said = `${fileOf(feature)}: subjects.${kind}`;
      const names = Object.keys(files);
      return [
        ...(names.length === 0 || has.includes(ATTACHMENTS)
          ? []
          : [`${said} names its files: write has: ['${ATTACHMENTS}']`]),
        ...names
          .filter((name) => !NAME.test(name))
          .map((name) => `${said}.files["${name}"] is not named in lower case: write signed_copy`),
      ];
    }),
  );
}

/** As long as the column is. */
const NAME = /^[a-z][a-z\d_]{0,59}$/;
