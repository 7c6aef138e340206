import { execFile, spawnSync } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runInNewContext } from 'node:vm';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'node-html-parser';
import ts from 'typescript';
import { ApiReference } from '../../src/api-docs/api-reference.service.js';
import { codeOf, textOf, type Code } from '../../src/api-docs/samples/code.js';
import { signatureSamples } from '../../src/api-docs/samples/guide-samples.js';
import { literal } from '../../src/api-docs/samples/typescript-sample.js';
import { projectPath } from '../../src/core/config/project-path.js';
import { startApp, type TestApp } from '../support/app.js';
import { Contract } from '../support/contract.js';
import { PASSWORD } from '../support/people.js';

const run = promisify(execFile);
const hasCurl = spawnSync('curl', ['--version']).status === 0;
const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

let atrium: TestApp;
let reference: ApiReference;
let folder: string;
beforeAll(async () => {
  atrium = await startApp();
  reference = atrium.app.get(ApiReference);
  folder = mkdtempSync(join(tmpdir(), 'atrium-samples-'));
  const { port } = atrium.server.address() as AddressInfo;
  // The samples name the address of the installation: curl finds this process there.
  writeFileSync(join(folder, '.curlrc'), `connect-to = "atrium.test:80:127.0.0.1:${port}"\n`);
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await atrium.stop();
});

const PAGES = ['', 'errors', 'pagination', 'versions', 'rate-limits', 'webhooks', 'authentication'];

/** The samples of a language on every page, as a person copies them: by page and label. */
async function shownIn(language: string): Promise<Map<string, string>> {
  const paths = [
    ...PAGES.map((name) => `/api/docs/${name ? `${name}/` : ''}`),
    ...reference.resources.map(({ href }) => href),
  ];
  const all = new Map<string, string>();
  for (const path of paths) {
    const { text } = (await atrium.browser().visit(path)).response;
    // By default the parser takes what is in <pre> for text.
    const document = parse(text, { blockTextElements: { script: true, style: true } });
    for (const block of document.querySelectorAll(`[data-sample="${language}"] pre`)) {
      all.set(`${path} ${block.getAttribute('aria-label')} ${all.size}`, block.textContent);
    }
  }
  return all;
}

const OPTIONS: ts.CompilerOptions = {
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2024,
  module: ts.ModuleKind.NodeNext,
  moduleDetection: ts.ModuleDetectionKind.Force,
  types: ['node'],
  typeRoots: [projectPath('node_modules/@types')],
};

function problemsOf(samples: ReadonlyMap<string, string>): string[] {
  const files = new Map(
    [...samples].map(([name, text], at) => [projectPath(`sample-${at}.mts`), { name, text }]),
  );
  const host = ts.createCompilerHost(OPTIONS);
  const { getSourceFile, fileExists, readFile } = host;
  host.getSourceFile = (path, version, ...rest) => {
    const sample = files.get(path);
    return sample
      ? ts.createSourceFile(path, sample.text, version)
      : getSourceFile.call(host, path, version, ...rest);
  };
  host.fileExists = (path) => files.has(path) || fileExists.call(host, path);
  host.readFile = (path) => files.get(path)?.text ?? readFile.call(host, path);
  const program = ts.createProgram([...files.keys()], OPTIONS, host);
  return ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
    const { name, text } = files.get(file?.fileName ?? '') ?? { name: '', text: '' };
    return `${name}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}\n${text}`;
  });
}

test('every TypeScript sample compiles in strict mode', async () => {
  const samples = await shownIn('TypeScript');
  expect(samples.size).toBeGreaterThan(reference.operations.length);
  expect(problemsOf(samples)).toEqual([]);
  const wrong = new Map([['wrong', 'const a: number = await fetch(1, { headers: 2 });']]);
  expect(problemsOf(wrong).length).toBeGreaterThan(0);
}, 60_000);

test('example bodies and answers are what their schemas say', async () => {
  const contract = await Contract.of(atrium);
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
  addFormats.default(ajv);
  ajv.addVocabulary(['example', 'components']);
  ajv.addSchema({ $id: 'api', components: contract.document.components });
  const check = (name: string, schema: object | undefined, value: unknown) => {
    const absolute = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"api#/')) as object;
    return ajv.validate(absolute, value) ? [] : [`${name}: ${ajv.errorsText()}`];
  };
  const wrong = contract.routes.flatMap(({ operationId, requestBody, responses }) => {
    const { example, requests, answer } = reference.operation(operationId)!;
    const body = requestBody?.content['application/json'];
    const curl = textOf(requests[0]!);
    const sent = body && (JSON.parse(/-d '([^]*)'$/.exec(curl)![1]!) as unknown);
    const schema = responses[answer.status]!.content?.['application/json']?.schema;
    return [
      ...(body ? check(`${operationId} takes`, body.schema, sent) : []),
      ...(schema ? check(`${operationId} answers`, schema, JSON.parse(textOf(example!))) : []),
    ];
  });
  expect(wrong).toEqual([]);
});

/** Runs a sample as it stands on the page. */
async function inShell(code: Code, env: Record<string, string>): Promise<string> {
  const { stdout } = await run('sh', ['-eu', '-c', textOf(code)], {
    env: { PATH: process.env.PATH, CURL_HOME: folder, ...env },
    timeout: 20_000,
  });
  return stdout;
}

(hasCurl ? test : test.skip)('curl samples run as they are shown', async () => {
  await atrium.people.adminOf('Acme', 'anna@acme.test');
  const API_KEY = await atrium.people.keyOf('Acme', [
    'tenant:read',
    'tenant:write',
    'members:read',
  ]);
  const { tokens } = await atrium.api().login('anna@acme.test', PASSWORD);
  const env = { API_KEY, ACCESS_TOKEN: tokens!.access_token };
  const ask = async (id: string) => {
    const answer = await inShell(reference.operation(id)!.requests[0]!, env);
    return JSON.parse(answer) as Record<string, unknown>;
  };
  expect(await ask('getTenant')).toMatchObject({ organization: 'Acme' });
  expect(await ask('listMembers')).toMatchObject({ items: [{ email: 'anna@acme.test' }] });
  expect(await ask('getMe')).toMatchObject({ email: 'anna@acme.test' });
  expect(await ask('register')).toMatchObject({ access_token: expect.any(String) });
  expect(await ask('login')).toMatchObject({ access_token: expect.any(String) });
  expect(await ask('updateTenant')).toMatchObject({ id: expect.any(String) });
  expect(await ask('listCountries')).toMatchObject({ items: expect.any(Array) });
});

test('what is shown of a signature accepts our messages, and no others', async () => {
  const secret = `whsec_${randomBytes(24).toString('base64')}`;
  const [id, timestamp, body] = ['event', String(Math.floor(Date.now() / 1000)), '{"a":"é"}'];
  const signature = createHmac('sha256', Buffer.from(secret.slice(6), 'base64'))
    .update(`${id}.${timestamp}.${body}`)
    .digest('base64');
  const [typescript, shell] = signatureSamples();
  const compilerOptions = { ...OPTIONS, module: ts.ModuleKind.ESNext };
  const { outputText } = ts.transpileModule(textOf(typescript!), { compilerOptions });
  const file = join(folder, 'signature.mjs');
  writeFileSync(file, outputText);
  const headers = (more: Record<string, string> = {}) => ({
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,b2xk v1,${signature}`,
    ...more,
  });
  const cases: Array<[headers: Record<string, string>, body: string]> = [
    [headers(), body],
    [headers(), '{"a":"e"}'],
    [headers({ 'webhook-timestamp': '1' }), body],
    [headers({ 'webhook-signature': 'v1,' }), body],
  ];
  const script = `import { isGenuine } from ${JSON.stringify(file)};
    for (const [headers, body] of ${JSON.stringify(cases)})
      console.log(isGenuine(${JSON.stringify(secret)}, new Headers(headers), body));`;
  const args = ['--input-type=module', '-e', script];
  const { stdout } = await run(process.execPath, args, { timeout: 20_000 });
  expect(stdout.trim().split('\n')).toEqual(['true', 'false', 'false', 'false']);
  if (!hasOpenssl) return;
  const env = { SECRET: secret, ID: id, TIMESTAMP: timestamp, BODY: body };
  expect((await inShell(shell!, env)).trim()).toBe(signature);
});

test('texts with quotes are written so that a shell and a compiler read the same', async () => {
  const value = { "it's": 'a "quote", a \\ and\na line', list: [1, null, true], none: {} };
  const text = literal(value);
  expect(runInNewContext(`(${text})`)).toEqual(value);
  const tokens = codeOf('TypeScript', text);
  expect(textOf(tokens)).toBe(text);
});
