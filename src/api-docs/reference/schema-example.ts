import { choicesOf, resolved, typesOf, type JsonSchema, type Schemas } from './open-api.js';

const BY_FORMAT: Readonly<Record<string, string>> = {
  date: '2027-01-31',
  'date-time': '2027-01-31T08:00:00.000Z',
  email: 'ann@example.com',
  password: 'paper lantern orbit',
  time: '08:00',
  uri: 'https://example.com/',
  'uri-reference': '/',
  uuid: '6f0c2a4e-58f1-4c7b-9d3a-2b1e0f5a7c11',
};

const DEEPEST = 6;

/**
 * A value of the schema: the document's own example, else one made of enum, format and limits.
 * @param name the property, for texts that nothing else is known of
 */
export function exampleOf(given: JsonSchema, schemas: Schemas, name = 'text', depth = 0): unknown {
  const schema = resolved(given, schemas);
  if (schema.example !== undefined) return schema.example;
  if (schema.const !== undefined) return schema.const;
  if (schema.default !== undefined) return schema.default;
  if (schema.enum) return schema.enum[0];
  const [choice] = choicesOf(schema);
  if (choice) return exampleOf(choice, schemas, name, depth);
  switch (typesOf(schema)[0]) {
    case 'object':
      return depth >= DEEPEST ? {} : objectOf(schema, schemas, depth);
    case 'array':
      return depth >= DEEPEST ? [] : [exampleOf(schema.items ?? {}, schemas, name, depth + 1)];
    case 'boolean':
      return true;
    case 'integer':
    case 'number':
      return Math.min(Math.max(1, schema.minimum ?? 1), schema.maximum ?? 1);
    default:
      return textOf(schema, name);
  }
}

function objectOf(schema: JsonSchema, schemas: Schemas, depth: number): Record<string, unknown> {
  const entries = Object.entries(schema.properties ?? {});
  return Object.fromEntries(
    entries.map(([name, inner]) => [name, exampleOf(inner, schemas, name, depth + 1)]),
  );
}

/** `due_on` becomes "Due on"; made longer or shorter until the limits hold. */
function textOf({ format = '', minLength = 0, maxLength = 200 }: JsonSchema, name: string): string {
  const known = BY_FORMAT[format];
  if (known) return known;
  const words = name.replaceAll('_', ' ');
  const text = words.charAt(0).toUpperCase() + words.slice(1);
  return text.padEnd(minLength, '.').slice(0, maxLength);
}

/**
 * A body with what is required and what has an example of its own; the first property where nothing is, since
 * a change without one does nothing.
 */
export function bodyExampleOf(given: JsonSchema, schemas: Schemas): unknown {
  const schema = resolved(given, schemas);
  if (typesOf(schema)[0] !== 'object' || schema.example !== undefined) {
    return exampleOf(schema, schemas);
  }
  const entries = Object.entries(schema.properties ?? {});
  const required = new Set(schema.required ?? []);
  const shown = entries.filter(
    ([name, inner]) => required.has(name) || resolved(inner, schemas).example !== undefined,
  );
  const chosen = shown.length > 0 ? shown : entries.slice(0, 1);
  return Object.fromEntries(
    chosen.map(([name, inner]) => [name, exampleOf(inner, schemas, name, 1)]),
  );
}
