import type { Type } from '@nestjs/common';
import { getMetadataStorage } from 'class-validator';

const known = new Map<Type, string[]>();

/** Names of the properties with class-validator rules: the accepted input. */
export function validatedProperties(type: Type): string[] {
  let names = known.get(type);
  if (!names) {
    const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
    names = [...new Set(rules.map((rule) => rule.propertyName))];
    known.set(type, names);
  }
  return names;
}
