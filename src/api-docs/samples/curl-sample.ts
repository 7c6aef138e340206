import type { SampleRequest } from './request.js';

/** The request for a POSIX shell. */
export function curlSample(request: SampleRequest): string {
  const { method, url, secret, isIdempotent, json, isPicture } = request;
  const hasBody = json !== undefined || isPicture;
  const isImplied = method === 'GET' || (method === 'POST' && hasBody);
  return [
    `curl ${isImplied ? '' : `-X ${method} `}${quoted(url)}`,
    ...(secret ? [`-H "Authorization: Bearer $${secret}"`] : []),
    // Sent again after an edit it is another request.
    ...(isIdempotent ? ['-H "Idempotency-Key: $(openssl rand -hex 16)"'] : []),
    ...(json === undefined ? [] : [`-H 'Content-Type: application/json'`]),
    ...(json === undefined
      ? []
      : [`-d ${quoted(JSON.stringify(json, null, 2)).replaceAll('\n', '\n  ')}`]),
    ...(isPicture ? [`-H 'Content-Type: image/png'`, '--data-binary @picture.png'] : []),
  ].join(' \\\n  ');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
