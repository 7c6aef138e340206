import { listed } from '../features/registry.js';
import type { Link, NavLink, Tab } from '../features/feature.js';

/** For whom links are shown: a shell, or the same of it without a page. */
export interface Viewer {
  user: { isAdmin: boolean; isStaff: boolean } | null;
  impersonation: object | null;
  features: Readonly<Record<string, boolean>>;
}

/** Number of entries in the dock, beside the menu. */
const DOCK = 3;

/** All links of the navigation, also those that are not in the side bar. */
export function places(viewer: Viewer): NavLink[] {
  return listed('nav').filter((link) => isShown(link, viewer));
}

/** The links of one group of the side bar, for the current viewer. */
export function navigation(group: NavLink['group'], viewer: Viewer): NavLink[] {
  return places(viewer).filter((link) => link.group === group);
}

/** Entries of the dock: work first, then one for administration. */
export function dock(viewer: Viewer): NavLink[] {
  const links = places(viewer).filter((link) => link.isInDock);
  return [...links.slice(0, -1).slice(0, DOCK - 1), ...links.slice(-1)];
}

/** The pages of the settings, or of one's own profile, for the current viewer. */
export function tabs(of: 'settingsTabs' | 'profileSections', viewer: Viewer): Tab[] {
  return listed(of).filter(
    (tab) => isShown(tab, viewer) && !(tab.isHiddenFromImpersonators && viewer.impersonation),
  );
}

export function dashboardActions(viewer: Viewer): Link[] {
  return listed('dashboardActions').filter((link) => isShown(link, viewer));
}

function isShown({ audience, flag }: Pick<Link, 'audience' | 'flag'>, viewer: Viewer): boolean {
  if (flag !== undefined && !viewer.features[flag]) return false;
  switch (audience) {
    case 'admin':
      return viewer.user?.isAdmin === true;
    case 'not_admin':
      return viewer.user?.isAdmin !== true;
    case 'staff':
      return viewer.user?.isStaff === true;
    default:
      return true;
  }
}
