import type { TextKey } from '../../src/core/i18n/text-keys.js';
import { declared } from '../../src/core/features/registry.js';
import '../../src/features.js';

/** Lets rows of projects have these files, as their feature would declare it. Returns what undoes that. */
export function declareFiles(files: Record<string, TextKey>): () => void {
  const subject = declared('subjects', 'project') as { files?: Record<string, TextKey> };
  subject.files = files;
  return () => void delete subject.files;
}
