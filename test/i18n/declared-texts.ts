import { TEXTS } from '../../src/core/features/declared-texts.js';
import { fileOf } from '../../src/core/features/declaration-problems.js';
import { installedFeatures } from '../../src/core/features/registry.js';
import '../../src/features.js';

/** A text that a declaration asks for by its name. */
export interface DeclaredText {
  /** The file that declares it. */
  file: string;
  what: string;
  key: string;
}

/** The texts that people are shown of what features declare: in the file of each feature. */
export function declaredTexts(): DeclaredText[] {
  return installedFeatures().flatMap((feature) => {
    const { permissions = {}, audit = {}, mails = {}, notifications = {} } = feature;
    const text = (part: string, name: string, key: string) => ({
      file: fileOf(feature),
      what: `${part}["${name}"]`,
      key,
    });
    const scopes = Object.entries(permissions).filter(
      ([, { isForPeopleOnly }]) => !isForPeopleOnly,
    );
    return [
      ...scopes.map(([name]) => text('permissions', name, TEXTS.permission(feature, name))),
      ...Object.keys(mails).map((name) => text('mails', name, TEXTS.mailSubject(feature, name))),
      ...Object.keys(notifications).flatMap((kind) =>
        (['text', 'label'] as const).map((part) =>
          text('notifications', kind, TEXTS.notification(feature, kind, part)),
        ),
      ),
      ...(['kinds', 'actions', 'fields'] as const).flatMap((part) =>
        Object.keys(audit[part] ?? {}).map((name) =>
          text(`audit.${part}`, name, TEXTS.audit(feature, part, name)),
        ),
      ),
    ];
  });
}
