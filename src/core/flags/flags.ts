import type { TextKey } from '../i18n/text-keys.js';
import type { FlagName } from '../features/names.js';
import { merged } from '../features/registry.js';

interface FlagDeclaration {
  /** What holds for everybody nobody has decided otherwise for. */
  default: boolean;
  /** What it switches, as staff read it. */
  description: TextKey;
}

/** Every feature that can be switched on and off while the product runs, as features declare them. */
export function flagNames(): FlagName[] {
  return [...merged('flags').keys()] as FlagName[];
}

export function flagDeclaration(flag: FlagName): FlagDeclaration {
  return merged('flags').get(flag)!;
}

/** Whether a feature declares it; what is left of a removed one in the database counts for nothing. */
export function isFlag(name: string): name is FlagName {
  return merged('flags').has(name);
}
