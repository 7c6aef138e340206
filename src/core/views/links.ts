import { listed } from '../features/registry.js';
import type { Link, NavLink, Tab } from '../features/feature.js';
import type { Shell } from './shell.js';

/** Number of entries in the dock, beside the menu. */
const DOCK = 3;

/** The links of one group of the side bar, for the current viewer. */
export function navigation(group: NavLink['group'], shell: Shell): NavLink[] {
  return listed('nav').filter((link) => link.group === group && isShown(link, shell));
}

/** Entries of the dock: work first, then one for administration. */
export function dock(shell: Shell): NavLink[] {
  const links = listed('nav').filter((link) => link.isInDock && isShown(link, shell));
  return [...links.slice(0, -1).slice(0, DOCK - 1), ...links.slice(-1)];
}

/** The pages of the settings, or of one's own profile, for the current viewer. */
export function tabs(of: 'settingsTabs' | 'profileSections', shell: Shell): Tab[] {
  return listed(of).filter(
    (tab) => isShown(tab, shell) && !(tab.isHiddenFromImpersonators && shell.impersonation),
  );
}

export function dashboardActions(shell: Shell): Link[] {
  return listed('dashboardActions').filter((link) => isShown(link, shell));
}

function isShown({ audience, flag }: Pick<Link, 'audience' | 'flag'>, shell: Shell): boolean {
  if (flag !== undefined && !(shell.features as Record<string, boolean>)[flag]) return false;
  switch (audience) {
    case 'admin':
      return shell.user?.isAdmin === true;
    case 'not_admin':
      return shell.user?.isAdmin !== true;
    case 'staff':
      return shell.user?.isStaff === true;
    default:
      return true;
  }
}
