import type { SampleRequest } from './request.js';

/**
 * The request in TypeScript for Node 20 or newer, a module of its own.
 * @param answer what the answer is called; null where it has no JSON body
 */
export function typescriptSample(request: SampleRequest, answer: string | null): string {
  const { method, url, secret, isIdempotent, json, isPicture } = request;
  const headers = [
    ...(secret ? [['Authorization', `\`Bearer \${process.env.${secret}}\``]] : []),
    ...(isIdempotent ? [["'Idempotency-Key'", 'crypto.randomUUID()']] : []),
    ...(json === undefined ? [] : [["'Content-Type'", "'application/json'"]]),
    ...(isPicture ? [["'Content-Type'", "'image/png'"]] : []),
  ];
  const options = [
    ...(method === 'GET' ? [] : [`method: '${method}',`]),
    ...(headers.length === 0
      ? []
      : ['headers: {', ...headers.map(([name, value]) => `  ${name}: ${value},`), '},']),
    ...(json === undefined
      ? []
      : [`body: JSON.stringify(${literal(json)}),`.replaceAll('\n', '\n  ')]),
    ...(isPicture ? ["body: await readFile('picture.png'),"] : []),
  ];
  const call =
    options.length === 0
      ? `fetch(${text(url)});`
      : [`fetch(${text(url)}, {`, ...options.map((line) => `  ${line}`), '});'].join('\n');
  return [
    ...(isPicture ? ["import { readFile } from 'node:fs/promises';", ''] : []),
    `const response = await ${call}`,
    'if (!response.ok) throw new Error(await response.text());',
    ...(answer ? [`const ${answer} = await response.json();`] : []),
  ].join('\n');
}

/** A value as somebody would type it: names without quotes, texts between single ones. */
export function literal(value: unknown, indent = ''): string {
  if (typeof value === 'string') return text(value);
  if (value === null || typeof value !== 'object') return String(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    return `[${value.map((each) => literal(each, inner)).join(', ')}]`;
  }
  const entries = Object.entries(value);
  if (entries.length === 0) return '{}';
  const lines = entries.map(([name, each]) => {
    const property = /^[A-Za-z_$][\w$]*$/.test(name) ? name : text(name);
    return `${inner}${property}: ${literal(each, inner)},`;
  });
  return ['{', ...lines, `${indent}}`].join('\n');
}

function text(value: string): string {
  const escaped = JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${escaped}'`;
}
