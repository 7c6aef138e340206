import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { ArrayNotEmpty, ValidateBy } from 'class-validator';
import { MANY, says } from './fields.js';

/**
 * Rows that were ticked in a list: checkboxes of one name with ids. Repeated ones count once; what is no id matches
 * no row.
 */
export function IdsField({ max }: { max: number }) {
  const isFew = (value: unknown) => !Array.isArray(value) || value.length <= max;
  return applyDecorators(
    Transform(({ value }) => [...new Set(String(value).split(' ').filter(Boolean))]),
    Reflect.metadata(MANY, true),
    ArrayNotEmpty(says('validation.choose_rows')),
    ValidateBy(
      { name: 'few', validator: { validate: isFew } },
      says('validation.too_many_rows', { max }),
    ),
  );
}
