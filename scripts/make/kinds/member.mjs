import { CHOOSE, presence } from './markup.mjs';
import { nameOf, rowKind } from './row.mjs';

/** A member of the organisation, by the id of the profile; nobody where it is blank, unless it is required. */
export const member = {
  ...rowKind('nobody'),
  name: 'member',
  refersTo: () => ({
    table: 'user_profile',
    Entity: 'UserProfile',
    key: 'id',
    from: '../users/user-profile.entity.js',
    isOfTenant: true,
  }),
  forms: '../members/member-field.js',
  decorator: (field) => `MemberField(${presence(field)})`,
  about: 'The id of an active member.',
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
    ids: 'memberIds',
    uses: ['memberName', '../members/member-name.js'],
    read: (value) => `this.members.nameOf(${value})`,
  }),
  neededBy: () => 'admin.profileId',
  texts: { nobody: { en: 'Nobody', nl: 'Niemand', fr: 'Personne' }, ...CHOOSE },
};
