import type { TextKey } from '../core/i18n/text-keys.js';
import { brand } from '../core/brand/brand.js';
import { page, type Page } from '../core/http/pipeline/answers.js';

/**
 * The page that shows recovery codes, this once. It is the answer to the form that made them, so that they are in
 * no URL and no cookie; signed-in pages are `no-store`. `done`: what came of the form, `onwards`: where it goes on.
 */
export function codesPage(codes: readonly string[], done: TextKey, onwards: string): Page {
  const text = codes.join('\n');
  const file = `data:text/plain;charset=utf-8,${encodeURIComponent(`${brand.name}\n\n${text}\n`)}`;
  const model = { text, file, done, onwards, count: codes.length };
  return page('second-factor/recovery-codes', model, { section: 'profile' });
}
