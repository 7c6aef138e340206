import { choiceNames } from '../kinds/choice.mjs';
import { literal } from '../kinds/markup.mjs';
import { present } from './logic.mjs';
import { ownerlessDto } from './owner.mjs';

/** `src/<module>/<row>.dto.ts`: what the API answers. */
export const dto = {
  path: ({ plural, singular }) => `src/${plural}/${singular}.dto.ts`,

  strip(code, { names }) {
    const summary = code.class(`${names.Singular}SummaryDto`);
    for (const each of summary.getProperties()) if (each.getName() !== 'id') each.remove();
    code.class(`${names.Singular}Dto`).getProperty('description')?.remove();
    ownerlessDto(code, names);
  },

  add(code, field, { names, listed, title }) {
    const { kind, name } = field;
    const type = kind.type(field, names);
    const isListed = field === title || listed.includes(field);
    const target = `${names.Singular}${isListed ? 'Summary' : ''}Dto`;
    const described = literal(kind.api(field, names));
    const owner = code.class(target, `@ApiProperty(${described}) ${name}: ${type};`);
    const before = owner.getProperties().findIndex((each) => each.getName() === 'created_at');
    const at =
      before < 0
        ? owner.getMembers().length
        : owner.getMembers().indexOf(owner.getProperties()[before]);
    const about = field.about && kind.name !== 'text' ? `/** ${field.about} */\n` : '';
    owner.insertMember(at, `${about}@ApiProperty(${described}) ${name}: ${type};`);
    if (isListed && kind.titled) leaveOut(code, kind.titled(field, names).property, names);
    if (kind.isGiven) present(code, `${names.variable}Dto`, field.property, name);
    if (kind.name !== 'choice') return;
    const { constant, type: union } = choiceNames(field, names);
    code.import(`./${names.singular}.entity.js`, constant);
    code.import(`./${names.singular}.entity.js`, union, true);
  },
};

/** A client of the API follows the id. */
function leaveOut(code, property, { variable }) {
  const paste = `${property}: _${property},`;
  const summary = code.function(`${variable}SummaryDto`, paste);
  code.replaceIn(summary, '...shown }', `${paste} ...shown }`, paste);
}
