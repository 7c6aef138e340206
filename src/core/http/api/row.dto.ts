import type { Type } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { describeShape, shapesOf } from '../forms/field-shape.js';

/** What every row answers beside its own fields. */
class RowDto {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ format: 'date-time' }) created_at: Date;
  @ApiProperty({ format: 'date-time' }) updated_at: Date;
}

/**
 * What the API answers of a row: all that its form takes, none of it missing.
 * `export class InvoiceDto extends rowDto(InvoiceForm) {}`
 */
export function rowDto<T extends object>(form: Type<T>): Type<T & RowDto> {
  class AnsweredRow extends RowDto {}
  for (const [name, shape] of shapesOf(form)) {
    describeShape(shape, { required: true })(AnsweredRow.prototype, name);
  }
  return AnsweredRow as Type<T & RowDto>;
}
