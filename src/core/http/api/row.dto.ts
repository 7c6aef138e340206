import type { Type } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { describeShape, shapesOf, type FieldShape } from '../forms/field-shape.js';

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
  describeAll(AnsweredRow, form);
  return AnsweredRow as Type<T & RowDto>;
}

function describeAll(answered: Type, form: { prototype: object }): void {
  for (const [name, shape] of shapesOf(form)) {
    describeShape(withRows(shape), { required: true })(answered.prototype as object, name);
  }
}

/** Lines are answered whole, too: `InvoiceLineForm` as `InvoiceLineDto`. */
function withRows(shape: FieldShape): FieldShape {
  if (shape.type !== 'lines') return shape;
  const name = shape.schema!.name.replace(/(Form)?$/, 'Dto');
  const line = { [name]: class {} }[name]!;
  describeAll(line, shape.schema!);
  return { ...shape, schema: line };
}
