import type { TextKey } from '../i18n/text-keys.js';
import type { FlagName } from '../features/names.js';
import { merged } from '../features/registry.js';

interface FlagDeclaration {
  /** Value where staff have decided nothing. */
  default: boolean;
  /** Description for staff. */
  description: TextKey;
}

/** Names of all declared flags. */
export function flagNames(): FlagName[] {
  return [...merged('flags').keys()] as FlagName[];
}

export function flagDeclaration(flag: FlagName): FlagDeclaration {
  return merged('flags').get(flag)!;
}

/** Whether a feature declares the flag; stored decisions about undeclared flags are ignored. */
export function isFlag(name: string): name is FlagName {
  return merged('flags').has(name);
}
