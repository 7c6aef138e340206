import { belongsTo } from './belongs-to.mjs';
import { boolean } from './boolean.mjs';
import { choice } from './choice.mjs';
import { date } from './date.mjs';
import { decimal } from './decimal.mjs';
import { email } from './email.mjs';
import { file } from './file.mjs';
import { integer } from './integer.mjs';
import { member } from './member.mjs';
import { money } from './money.mjs';
import { multiline } from './multiline.mjs';
import { number } from './number.mjs';
import { reference } from './reference.mjs';
import { text } from './text.mjs';
import { time } from './time.mjs';
import { url } from './url.mjs';

/**
 * The kinds of fields. One object holds everything a kind is made of:
 * - `sql(field)`: type of the column; `checks(field, column)`: conditions on it
 * - `columnOf(name)`: the column of a field, where it is not called the same
 * - `column(field)`: arguments of `@Column`; `type(field, names)`: its TypeScript type
 * - `decorator(field)`: of the form class, imported from `forms`
 * - `isGiven`: by the database, so that it is no part of forms and changes
 * - `isFile`: no column, but a named file of the row (`files.mjs`), so that nothing below applies
 * - `about`: what the value is, a sentence or a function of the field
 * - `api(field)`: what `@ApiProperty` says
 * - `listed(column)`: SQL of the listed value, where it is not the column itself
 * - `refersTo(field)`: `{ table, Entity, key, from }` of the row a value leads to; `isOfTenant`: within the organisation
 * - `offers`: the service that lists what the form's select offers, and requires what was chosen
 * - `named(field)`: what names a code; `titled(field, names)`: `{ property, sql, ids, uses, read }` of the title of the row
 * - `hasParent`: a row of another module (`field.parent`), whose page lists what belongs to it
 * - `input(field, names)`, `shown(field, value, names)`, `cell`: Handlebars of the form, of a value, of a list
 * - `typed`: the function that shows a saved value in the form, where it is no text
 * - `sample(field)`: `{ typed, sent, refused }`, as code; `unique(sample)`: one that differs each time
 * - `neededBy(field)`: where the value is a row that tests have to add first: its id, as code; `admin` is who adds it
 */
export const KINDS = Object.fromEntries(
  [
    text,
    multiline,
    integer,
    decimal,
    money,
    date,
    time,
    boolean,
    choice,
    email,
    url,
    reference,
    number,
    member,
    belongsTo,
    file,
  ].map((kind) => [kind.name, kind]),
);
