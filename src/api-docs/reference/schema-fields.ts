import {
  choicesOf,
  isNullable,
  resolved,
  typesOf,
  type JsonSchema,
  type Parameter,
  type Schemas,
} from './open-api.js';

/** A bound of a value, or two; the text is `api-docs.limits.<kind>`. */
export interface Limit {
  kind: `${'length' | 'number' | 'items'}_${'range' | 'min' | 'max'}`;
  min: number | null;
  max: number | null;
}

/** One line of a list of fields or parameters. */
export interface Field {
  /** Path from the top: `items[].id`. */
  name: string;
  /** Where a parameter belongs; null for a field of a body. */
  place: Parameter['in'] | null;
  /** In the notation of TypeScript: `string | null`, `string[]`. */
  type: string;
  format: string | null;
  isRequired: boolean;
  /** Texts, in the language of the document. */
  description: string | null;
  choices: string[];
  /** The value where none is given, as JSON. */
  byDefault: string | null;
  limits: Limit[];
}

/** Levels of objects within objects that a list goes down to. */
const DEEPEST = 4;

/** The properties of a body, those of objects in it below them. */
export function fieldsOf(given: JsonSchema, schemas: Schemas, above = '', depth = 0): Field[] {
  const schema = resolved(given, schemas);
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).flatMap(([property, inner]) => {
    const name = `${above}${property}`;
    const field = fieldOf(name, resolved(inner, schemas), schemas, required.has(property));
    const [below, prefix] = contentOf(resolved(inner, schemas), schemas, name);
    return depth < DEEPEST && below
      ? [field, ...fieldsOf(below, schemas, prefix, depth + 1)]
      : [field];
  });
}

export function parameterField(parameter: Parameter, schemas: Schemas): Field {
  const { name, required = false, description, in: place } = parameter;
  const field = fieldOf(name, resolved(parameter.schema, schemas), schemas, required);
  return { ...field, place, description: description ?? field.description };
}

function fieldOf(name: string, schema: JsonSchema, schemas: Schemas, isRequired: boolean): Field {
  const choices = (schema.enum ?? []).filter((each) => each !== null);
  return {
    name,
    place: null,
    type: typeName(schema, schemas),
    format: schema.format ?? null,
    isRequired,
    description: schema.description ?? null,
    choices: (schema.const === undefined ? choices : [schema.const]).map(String),
    byDefault: schema.default === undefined ? null : JSON.stringify(schema.default),
    limits: limitsOf(schema),
  };
}

function limitsOf(schema: JsonSchema): Limit[] {
  const { minLength = 0, maxLength, minimum, maximum, minItems = 0, maxItems } = schema;
  // At least one character, or item, is what "required" says.
  return [
    ...limit('length', minLength > 1 ? minLength : undefined, maxLength),
    ...limit('number', minimum, maximum),
    ...limit('items', minItems > 0 ? minItems : undefined, maxItems),
  ];
}

function limit(of: 'length' | 'number' | 'items', min?: number, max?: number): Limit[] {
  if (min === undefined && max === undefined) return [];
  const kind = min === undefined ? 'max' : max === undefined ? 'min' : 'range';
  return [{ kind: `${of}_${kind}`, min: min ?? null, max: max ?? null }];
}

/** The object whose properties stand below this one, and what their names begin with. */
function contentOf(
  schema: JsonSchema,
  schemas: Schemas,
  name: string,
): [JsonSchema | null, string] {
  if (schema.properties) return [schema, `${name}.`];
  if (schema.items) {
    const items = resolved(schema.items, schemas);
    return [items.properties ? items : null, `${name}[].`];
  }
  const [choice] = choicesOf(schema).map((each) => resolved(each, schemas));
  return [choice?.properties ? choice : null, `${name}.`];
}

function typeName(schema: JsonSchema, schemas: Schemas): string {
  const alternatives = choicesOf(schema).map((each) => typeName(resolved(each, schemas), schemas));
  const own = typesOf(schema).map((type) =>
    type === 'array' ? `${typeName(resolved(schema.items ?? {}, schemas), schemas)}[]` : type,
  );
  const names = [...new Set([...own, ...alternatives])];
  if (names.length === 0) names.push('string');
  return [...names, ...(isNullable(schema) ? ['null'] : [])].join(' | ');
}
