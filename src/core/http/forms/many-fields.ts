import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, ArrayNotEmpty } from 'class-validator';
import { MANY, says } from './fields.js';

/**
 * Rows that were ticked in a list: checkboxes of one name with ids. Repeated ones count once; what is no id matches
 * no row.
 */
export function IdsField({ max }: { max: number }) {
  return applyDecorators(
    Transform(({ value }) => [...new Set(String(value).split(' ').filter(Boolean))]),
    Reflect.metadata(MANY, true),
    ArrayNotEmpty(says('validation.choose_rows')),
    ArrayMaxSize(max, says('validation.too_many_rows', { max })),
  );
}
