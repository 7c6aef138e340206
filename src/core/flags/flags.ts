import type { TextKey } from '../i18n/text-keys.js';

interface FlagDeclaration {
  /** What holds for everybody nobody has decided otherwise for. */
  default: boolean;
  /** What it switches, as staff read it. */
  description: TextKey;
}

/**
 * Every feature that can be switched on and off while the product runs. A new one is a line here and a
 * sentence in each language; what is left of a removed one in the database counts for nothing.
 */
export const FLAGS = {
  projects: { default: true, description: 'flags.about.projects' },
} as const satisfies Record<string, FlagDeclaration>;

export type FlagName = keyof typeof FLAGS;

export const FLAG_NAMES = Object.keys(FLAGS) as FlagName[];

export function isFlag(name: string): name is FlagName {
  return Object.hasOwn(FLAGS, name);
}
