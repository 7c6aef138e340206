import { input, nullable, orDash } from './markup.mjs';
import { camelCase } from '../names.mjs';

/** `ownerName` of the field `owner_id`. */
const nameOf = ({ word }) => `${camelCase(word)}Name`;

/** A member of the organisation, by the id of the profile; nobody where it is blank. */
export const member = {
  name: 'member',
  columnOf: (name) => `${name.replace(/_id$/, '')}_id`,
  problemOf: ({ isRequired }) =>
    isRequired ? 'a member may be nobody, as people leave: leave out the !' : undefined,
  sql: () => 'uuid',
  refersTo: () => ({
    table: 'user_profile',
    Entity: 'UserProfile',
    key: 'id',
    from: '../users/user-profile.entity.js',
    isOfTenant: true,
  }),
  column: (field) => ["'uuid'", nullable(field)],
  type: () => 'string | null',
  forms: '../members/member-field.js',
  decorator: () => 'MemberField({ optional: true })',
  about: 'The id of an active member.',
  api: (field) => ({ type: "'string'", format: "'uuid'", ...nullable(field) }),
  offers: {
    service: ['MemberOptions', '../members/member-options.js'],
    as: 'members',
    module: ['MembersModule', '../members/members.module.js'],
    list: ({ name }) => `this.members.offered(values.${name})`,
    require: ({ name, property }) =>
      `this.members.require('${name}', details.${property}, before?.${property})`,
  },
  titled: (field) => ({
    property: nameOf(field),
    sql: 'memberName',
    uses: ['memberName', '../members/member-name.js'],
    read: (value) => `this.members.nameOf(${value})`,
  }),
  input: (field, names) => {
    const more = ` options=${field.property}Options blank=(t "${names.plural}.nobody")`;
    return input('select', field, names, more);
  },
  texts: { nobody: { en: 'Nobody', nl: 'Niemand', fr: 'Personne' } },
  shown: (field, value) => {
    const name = value.replace(/\w+$/, nameOf(field));
    return orDash(field, name, `{{${name}}}`);
  },
  cell: 'wrap-break-word',
  // Staff would be offered the members of their own organisation.
  isOfOrganisation: true,
  sample: () => ({
    typed: "''",
    sent: 'null',
    refused: "'00000000-0000-4000-8000-000000000000'",
  }),
};
