import { codeOf, type Code } from '../samples/code.js';
import type { OpenApi } from './open-api.js';
import { exampleOf } from './schema-example.js';
import { fieldsOf, parameterField, type Field } from './schema-fields.js';

/** Requests that we send, which all have one shape. Texts are in the language of the document. */
export interface WebhookEvents {
  types: Array<{ name: string; summary: string }>;
  headers: Field[];
  fields: Field[];
  example: Code;
}

/** What the document says of webhooks; null where it has none. */
export function webhookEventsOf({ webhooks = {}, components }: OpenApi): WebhookEvents | null {
  const { schemas } = components;
  const all = Object.entries(webhooks);
  // Something of somebody's is a better example than the end of an account.
  const shown = all.find(([name]) => name.startsWith('member.')) ?? all[0];
  if (!shown) return null;
  const { parameters = [], requestBody } = shown[1].post;
  const schema = requestBody?.content['application/json']?.schema ?? {};
  return {
    types: all.map(([name, { post }]) => ({ name, summary: post.summary })),
    headers: parameters.map((each) => parameterField(each, schemas)),
    // Each type has a schema of its own: that of the example is one of many.
    fields: fieldsOf(schema, schemas).map((field) =>
      field.name === 'type' ? { ...field, choices: [] } : field,
    ),
    example: codeOf('JSON', JSON.stringify(exampleOf(schema, schemas), null, 2)),
  };
}
