import { codeOf, type Code } from './code.js';

/** Reads a list to its end. @param baseUrl address of this installation, without a slash at its end */
export function paginationSamples(baseUrl: string): Code[] {
  return [
    codeOf(
      'curl',
      `curl '${baseUrl}/api/v1/members?limit=20' \\
  -H "Authorization: Bearer $API_KEY"

# The next page: the next_cursor of the answer before.
curl "${baseUrl}/api/v1/members?limit=20&cursor=$NEXT_CURSOR" \\
  -H "Authorization: Bearer $API_KEY"`,
    ),
    codeOf(
      'TypeScript',
      `interface Page {
  items: unknown[];
  next_cursor: string | null;
}

const url = new URL('${baseUrl}/api/v1/members?limit=20');
const headers = { Authorization: \`Bearer \${process.env.API_KEY}\` };
let cursor: string | null = null;
do {
  if (cursor) url.searchParams.set('cursor', cursor);
  const response: Response = await fetch(url, { headers });
  if (!response.ok) throw new Error(await response.text());
  const page = (await response.json()) as Page;
  for (const member of page.items) console.log(member);
  cursor = page.next_cursor;
} while (cursor);`,
    ),
  ];
}

/** Changes what was read, unless somebody else has changed it since. */
export function versionSamples(baseUrl: string): Code[] {
  return [
    codeOf(
      'curl',
      `# The answer has the header ETag.
curl -i '${baseUrl}/api/v1/tenant' \\
  -H "Authorization: Bearer $API_KEY"

curl -X PATCH '${baseUrl}/api/v1/tenant' \\
  -H "Authorization: Bearer $API_KEY" \\
  -H "If-Match: $ETAG" \\
  -H 'Content-Type: application/json' \\
  -d '{ "currency": "EUR" }'`,
    ),
    codeOf(
      'TypeScript',
      `const url = '${baseUrl}/api/v1/tenant';
const authorization = { Authorization: \`Bearer \${process.env.API_KEY}\` };
const seen = await fetch(url, { headers: authorization });
const changed = await fetch(url, {
  method: 'PATCH',
  headers: {
    ...authorization,
    'Content-Type': 'application/json',
    'If-Match': seen.headers.get('ETag') ?? '*',
  },
  body: JSON.stringify({ currency: 'EUR' }),
});
if (changed.status === 412) console.log('Somebody else was faster: read it again.');`,
    ),
  ];
}

/** Tells refusals apart by what stays the same in every language. */
export function errorSamples(baseUrl: string): Code[] {
  return [
    codeOf(
      'TypeScript',
      `interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  errors?: { pointer: string; detail: string }[];
}

const response = await fetch('${baseUrl}/api/v1/tenant', {
  headers: { Authorization: \`Bearer \${process.env.API_KEY}\` },
});
if (!response.ok) {
  const problem = (await response.json()) as Problem;
  const isLacking = problem.type.endsWith('/problems/insufficient-scope');
  if (isLacking) throw new Error('Give the key another scope.');
  for (const { pointer, detail } of problem.errors ?? []) console.error(pointer, detail);
  throw new Error(problem.detail ?? problem.title);
}`,
    ),
  ];
}

/** Waits as long as the API says, and asks again. */
export function rateLimitSamples(baseUrl: string): Code[] {
  return [
    codeOf(
      'TypeScript',
      `async function patiently(url: string, init?: RequestInit): Promise<Response> {
  for (;;) {
    const response = await fetch(url, init);
    if (response.status !== 429) return response;
    const seconds = Number(response.headers.get('Retry-After') ?? 1);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  }
}

await patiently('${baseUrl}/api/v1/tenant', {
  headers: { Authorization: \`Bearer \${process.env.API_KEY}\` },
});`,
    ),
  ];
}

/** Whether a message of a webhook is genuine, without a library. */
export function signatureSamples(): Code[] {
  return [
    codeOf(
      'TypeScript',
      `import { createHmac, timingSafeEqual } from 'node:crypto';

/** \`body\` is the text as received, \`secret\` begins with whsec_. */
export function isGenuine(secret: string, headers: Headers, body: string): boolean {
  const id = headers.get('webhook-id') ?? '';
  const timestamp = headers.get('webhook-timestamp') ?? '';
  const age = Math.abs(Date.now() / 1000 - Number(timestamp));
  if (!(age < 300)) return false;
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const signed = \`\${id}.\${timestamp}.\${body}\`;
  const expected = createHmac('sha256', key).update(signed).digest();
  const signatures = (headers.get('webhook-signature') ?? '').split(' ');
  return signatures.some((signature) => {
    const given = Buffer.from(signature.replace('v1,', ''), 'base64');
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}`,
    ),
    codeOf(
      'Shell',
      `# Prints what has to stand after "v1," in the header webhook-signature.
KEY=$(printf '%s' "\${SECRET#whsec_}" | base64 -d | od -An -v -tx1 | tr -d ' \\n')
printf '%s.%s.%s' "$ID" "$TIMESTAMP" "$BODY" |
  openssl dgst -sha256 -mac HMAC -macopt "hexkey:$KEY" -binary | base64`,
    ),
  ];
}
