import type { Type } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';

/** JSON type of a field. Form-only fields, such as hints, have none. */
export interface FieldShape {
  /** `array`: of strings. `object`: of what is in `schema`; its text is handed on. `lines`: of such objects. */
  type: 'string' | 'boolean' | 'integer' | 'array' | 'object' | 'lines';
  /** Of an object and of lines: the properties. */
  schema?: Type;
  nullable?: true;
  /** May be absent, as may nullable fields. */
  optional?: true;
  format?: 'email' | 'password' | 'date' | 'uri' | 'uuid';
  pattern?: string;
  /** A value that is accepted, where the format does not tell; of an array, one of its values. */
  example?: string | number;
  /** Of an integer, both included. */
  minimum?: number;
  maximum?: number;
  /** Of lines. */
  maxItems?: number;
  minLength?: number;
  maxLength?: number;
  enum?: readonly string[];
}

const SHAPES = 'atrium:field-shapes';

/** The JSON fields of an input, inherited ones included. */
export function shapesOf(type: { prototype: object }): ReadonlyMap<string, FieldShape> {
  return (Reflect.getMetadata(SHAPES, type.prototype) ?? new Map()) as Map<string, FieldShape>;
}

/** Declares a field for JSON bodies, and describes it in the API's document. */
export function Shape(shape: FieldShape): PropertyDecorator {
  const describe = describeShape(shape, { required: !shape.optional && !shape.nullable });
  return (prototype, name) => {
    const inherited = shapesOf({ prototype });
    Reflect.defineMetadata(SHAPES, new Map([...inherited, [String(name), shape]]), prototype);
    describe(prototype, name);
  };
}

/** Describes a property of that shape in the API's document. */
export function describeShape(shape: FieldShape, { required }: { required: boolean }) {
  const { optional: _, enum: choices, type, schema, ...rest } = shape;
  if (type === 'array') {
    const items = { type: 'string', ...(rest.example ? { example: rest.example } : {}) };
    return ApiProperty({ type: 'array', items, minItems: 1, required });
  }
  if (type === 'lines') return ApiProperty({ type: () => [schema!], ...rest, required });
  if (type === 'object') return ApiProperty({ type: () => schema!, required });
  return ApiProperty({ ...rest, type, ...(choices ? { enum: [...choices] } : {}), required });
}
