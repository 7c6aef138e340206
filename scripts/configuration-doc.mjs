/**
 * npm run docs:configuration: writes docs/configuration.md from .env.example, which a test compares with the
 * configuration class. --check only reports whether the page is current.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { root } from './support/project.mjs';

const INTRODUCTION = `
Every setting is an environment variable ([12-factor](https://12factor.net/config)); a \`.env\` file in the current folder
is read when there is one, and the environment wins. All are checked at start: what is wrong is named, all at once, and
the process ends. An empty variable counts as absent. This page is written from [\`.env.example\`](../.env.example) by
\`npm run docs:configuration\`.

In production \`APP_SECRET\` and \`APP_URL\` are required, and the example's secret is refused.
`;

const CONCLUSION = `
## Examples

- One machine, embedded database: \`NODE_ENV=production APP_URL=https://app.example.com APP_SECRET=…\`, and a proxy that
  ends TLS in front with \`TRUST_PROXY=1\`.
- Several replicas: \`DATABASE_URL\` of a login that owns nothing, \`MIGRATE_ON_START=false\` with a job that migrates,
  \`S3_BUCKET\` for uploads, \`ROLE=web\` and \`ROLE=worker\` apart; see [deploying](deploying.md).
`;

const file = join(root, 'docs', 'configuration.md');
const options = { ...(await resolveConfig(file)), parser: 'markdown' };
const page = await format(pageOf(readFileSync(join(root, '.env.example'), 'utf8')), options);

if (!process.argv.includes('--check')) {
  writeFileSync(file, page);
} else if (page !== readFileSync(file, 'utf8')) {
  console.error('docs/configuration.md is behind .env.example: run "npm run docs:configuration".');
  process.exitCode = 1;
}

function pageOf(example) {
  const parts = ['# Configuration', INTRODUCTION];
  let said = [];
  for (const line of example.split('\n')) {
    const [, heading] = /^## (.*)/.exec(line) ?? [];
    const [, hidden, name, value] = /^(#?)([A-Z][A-Z0-9_]*)=(.*)/.exec(line) ?? [];
    if (heading) {
      parts.push(`\n## ${heading}\n`, '| variable | default | what it is |', '| --- | --- | --- |');
    } else if (name) {
      const shown = hidden ? (value ? `none (as in \`${value}\`)` : 'none') : `\`${value}\``;
      parts.push(`| \`${name}\` | ${shown} | ${said.join(' ').replaceAll('|', '\\|')} |`);
    }
    said = line.startsWith('# ') ? [...said, line.slice(2)] : [];
  }
  return `${parts.join('\n')}\n${CONCLUSION}`;
}
