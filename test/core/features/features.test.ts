import type {
  CardSource,
  FeatureDeclaration,
  NavLink,
} from '../../../src/core/features/feature.js';
import { installFeatures, installedFeatures } from '../../../src/core/features/registry.js';
import { dashboardActions, dock, navigation, tabs } from '../../../src/core/views/links.js';
import type { Shell } from '../../../src/core/views/shell.js';
import '../../../src/features.js';

class SomeModule {}
class InvoicesCard implements CardSource {
  card = () => Promise.resolve(null);
}
const product = installedFeatures();
afterEach(() => installFeatures(product));

const feature = (name: string, more: Partial<FeatureDeclaration>): FeatureDeclaration => ({
  name,
  module: SomeModule,
  ...more,
});

test.each<[string, Partial<FeatureDeclaration>]>([
  ['tables', { tables: { invoice: { kind: 'tenant' } } }],
  ['permissions', { permissions: { 'invoices:read': { roles: ['admin'] } } }],
  ['flags', { flags: { invoices: { default: true, description: 'api-keys.tab' } } }],
  ['queues', { queues: { invoices: {} } }],
  ['rateLimits', { rateLimits: { invoices: { seconds: 60, perAddress: 1 } } }],
  ['audit.actions', { audit: { actions: { 'invoice.sent': { kind: 'invoices' } } } }],
])('two features that declare the same name stop the start, with both files: %s', (part, twice) => {
  const both = [feature('invoices', twice), feature('billing', twice)];
  expect(() => installFeatures(both)).toThrow(
    new RegExp(
      `^${part}: ".+" is declared in src/invoices/invoices.feature.ts and in src/billing/billing.feature.ts$`,
    ),
  );
});

const link = (section: string, more: Partial<NavLink> = {}): NavLink => ({
  section,
  href: `/${section}/`,
  icon: 'folder',
  text: 'settings.nav',
  position: 50,
  group: 'main',
  isInDock: true,
  ...more,
});
const exported = (table: string): Partial<FeatureDeclaration> => ({
  exportParts: { invoices: { text: 'tenants.data_part', table, columns: [] } },
});

test.each<[string, Partial<FeatureDeclaration>, RegExp]>([
  [
    'an event that not all members may read',
    {
      audit: {
        kinds: { a: { icon: 'x', position: 1 } },
        actions: { 'a.b': { kind: 'a', eventNeeds: 'a:read' } },
      },
    },
    /"a.b"\] is no event unless all members may read it: write isShared/,
  ],
  [
    'an event that needs a permission nobody declares',
    {
      audit: {
        kinds: { a: { icon: 'x', position: 1 } },
        actions: { 'a.b': { kind: 'a', isShared: true, eventNeeds: 'a:read' } },
      },
    },
    /the event "a.b" needs "a:read": write permissions\["a:read"\]/,
  ],
  [
    'a table of organisations that nobody can take away',
    { tables: { invoice: { kind: 'tenant' } } },
    /rows of "invoice": write exportParts: .* or notExported/,
  ],
  [
    'an export part of no table',
    exported('invoice'),
    /exportParts.invoices is of the table "invoice": write tables.invoice/,
  ],
  [
    'an audit action of an unknown kind',
    { audit: { actions: { 'invoice.sent': { kind: 'invoices' } } } },
    /"invoice.sent".* of the kind "invoices": write audit.kinds.invoices/,
  ],
  [
    'a link behind an unknown flag',
    { nav: [link('invoices', { flag: 'invoices' })] },
    /the link to \/invoices\/ is behind the flag "invoices": write flags.invoices/,
  ],
  [
    'a card on an unknown section of the profile',
    { profileCards: [{ section: 'invoices', position: 1, source: InvoicesCard }] },
    /the card InvoicesCard is on the profile section "invoices": write profileSections/,
  ],
  [
    'a notification that no mail says, though it is told so',
    { notifications: { 'invoice.sent': { icon: 'x', href: '/invoices/', mail: 'invoice-sent' } } },
    /"invoice.sent"\] is said by the mail "invoice-sent": write mails\["invoice-sent"\]/,
  ],
  [
    'a notification that leads nowhere',
    { notifications: { 'invoice.sent': { icon: 'x', href: 'invoices' } } },
    /"invoice.sent"\] leads to "invoices": write a path/,
  ],
  [
    'a permission that is neither to read nor to write',
    { permissions: { 'invoices:send': { roles: ['admin'] } } },
    /the permission "invoices:send" is not <resource>:read or <resource>:write/,
  ],
])('what a feature forgets stops the start, with its file: %s', (_, forgets, sentence) => {
  const stopped = () => installFeatures([feature('invoices', forgets)]);
  expect(stopped).toThrow(sentence);
  expect(stopped).toThrow(/^src\/invoices\/invoices\.feature\.ts: /);
});

test('every tenant table is exported, or declares why not', () => {
  const tables = { invoice: { kind: 'tenant' } } as const;
  const reason = { invoice: { kind: 'tenant', notExported: 'numbers of others' } } as const;
  const all = [
    feature('invoices', { tables, ...exported('invoice') }),
    feature('invoices', { tables: reason }),
  ];
  for (const one of all) expect(() => installFeatures([one])).not.toThrow();
});

const shellOf = (
  user: { isAdmin: boolean; isStaff: boolean },
  flag = true,
  impersonation = false,
) =>
  ({
    user,
    features: { invoices: flag },
    impersonation: impersonation || null,
  }) as unknown as Shell;
const member = { isAdmin: false, isStaff: false };
const admin = { isAdmin: true, isStaff: false };
const sections = (links: readonly NavLink[]) => links.map(({ section }) => section);

test('links are shown to their audience, where their flag is on, in order', () => {
  installFeatures([
    feature('some', {
      flags: { invoices: { default: true, description: 'api-keys.tab' } },
      nav: [
        link('last', { position: 90 }),
        link('first', { position: 10 }),
        link('flagged', { flag: 'invoices' }),
        link('admins', { audience: 'admin' }),
        link('operators', { audience: 'staff' }),
      ],
    }),
  ]);
  expect(sections(navigation('main', shellOf(member)))).toEqual(['first', 'flagged', 'last']);
  expect(sections(navigation('main', shellOf(admin, false)))).toEqual(['first', 'admins', 'last']);
  expect(sections(navigation('main', shellOf({ isAdmin: false, isStaff: true })))).toEqual([
    'first',
    'flagged',
    'operators',
    'last',
  ]);
  expect(navigation('administration', shellOf(admin))).toEqual([]);
});

test('the dock has three entries, the last for administration', () => {
  installFeatures([
    feature('some', {
      nav: ['one', 'two', 'three', 'four'].map((name, position) => link(name, { position })),
    }),
    feature('own', { nav: [link('profile', { position: 90, group: 'administration' })] }),
  ]);
  expect(sections(dock(shellOf(member)))).toEqual(['one', 'two', 'profile']);
});

test('tabs can be hidden during impersonation', () => {
  const tab = { href: '/settings/x/', text: 'api-keys.tab', position: 1 } as const;
  const hidden = { ...tab, name: 'keys', isHiddenFromImpersonators: true };
  installFeatures([feature('some', { settingsTabs: [{ ...tab, name: 'general' }, hidden] })]);
  const names = (acting: boolean) =>
    tabs('settingsTabs', shellOf(admin, true, acting)).map(({ name }) => name);
  expect([names(false), names(true)]).toEqual([['general', 'keys'], ['general']]);
  expect(dashboardActions(shellOf(admin))).toEqual([]);
});
