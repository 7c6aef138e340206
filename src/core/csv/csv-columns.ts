import type { Type } from '@nestjs/common';
import type { AuditFieldDeclaration } from '../features/feature.js';
import { installedFeatures } from '../features/registry.js';
import { shapesOf, type FieldShape } from '../http/forms/field-shape.js';
import { typedAs } from '../http/forms/typed-values.js';
import type { TextKey } from '../i18n/text-keys.js';
import { validatedProperties } from '../utils/validated-properties.js';

/** A column of a CSV file: a field of the form by which people enter rows. */
export interface CsvColumn {
  /** Name of the field, in snake case. */
  name: string;
  label: TextKey;
  /** Whether a row needs a value. */
  isRequired: boolean;
  kind: 'text' | 'number' | 'date' | 'boolean';
  /** A value that is accepted, where the kind does not tell. */
  example: string | null;
  /** Values that people read translated, by the text key without `.<value>`. */
  words: { values: readonly string[]; texts: string } | null;
  /** Of the id of another row: the SQL of its title, and of the ids that titles stand for. */
  row: { titleOf: (id: string) => string; idsOf: ((titles: string) => string) | null } | null;
  /** A saved value as the form shows it. */
  typed: (value: unknown) => string;
}

/** The columns of the rows of a feature: the fields of `form`, labelled and named as the feature declares. */
export function csvColumns(feature: string, form: Type): CsvColumn[] {
  const fields = installedFeatures().find(({ name }) => name === feature)?.audit?.fields ?? {};
  const shapes = shapesOf(form);
  const isColumn = (name: string) => shapes.get(name)?.type !== 'lines';
  return validatedProperties(form)
    .filter(isColumn)
    .map((name) => {
      const shape = shapes.get(name);
      const { enum: values = [], optional, nullable, example } = shape ?? {};
      const declared = fields[name];
      const texts = wordsOf(declared);
      return {
        name,
        label: fieldText(feature, name),
        isRequired: !optional && !nullable,
        kind: kindOf(shape),
        example: example === undefined ? null : String(example),
        words: texts === null ? null : { values, texts },
        row: rowOf(declared),
        typed: typedAs(form, name),
      };
    });
}

function kindOf(shape: FieldShape | undefined): CsvColumn['kind'] {
  if (shape?.type === 'boolean') return 'boolean';
  if (shape?.type === 'integer') return 'number';
  return shape?.format === 'date' ? 'date' : 'text';
}

/** The label of a field; it is in the file of its feature. */
export function fieldText(feature: string, name: string): TextKey {
  return `${feature}.fields.${name}` as TextKey;
}

function wordsOf(declared: AuditFieldDeclaration | undefined): string | null {
  return typeof declared === 'object' && 'words' in declared ? declared.words : null;
}

function rowOf(declared: AuditFieldDeclaration | undefined): CsvColumn['row'] {
  if (typeof declared !== 'object' || !('titleOf' in declared)) return null;
  return { titleOf: declared.titleOf, idsOf: declared.idsOf ?? null };
}

/** A word as it is compared: case and spaces do not matter. */
export function folded(text: string): string {
  return text.normalize('NFC').replace(/\s+/g, ' ').trim().toLowerCase();
}
