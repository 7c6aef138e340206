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
    ownerlessDto(code, names);
  },

  add(code, field, { names, listed, title }) {
    const { kind, name } = field;
    const type = kind.type(field, names);
    const isListed = field === title || listed.includes(field);
    // What the form takes, the row answers; modules that were made before say it.
    const row = code.class(`${names.Singular}Dto`);
    const isDerived = row.getExtends()?.getText().startsWith('rowDto(') ?? false;
    const targets = isDerived
      ? [...(isListed ? ['SummaryDto'] : []), ...(kind.isGiven ? ['Dto'] : [])]
      : [isListed ? 'SummaryDto' : 'Dto'];
    const described = literal(kind.api(field, names));
    const about = field.about && kind.name !== 'text' ? `/** ${field.about} */\n` : '';
    const property = `@ApiProperty(${described}) ${name}: ${type};`;
    for (const target of targets) {
      const owner = code.class(`${names.Singular}${target}`, property);
      const before = owner.getProperties().findIndex((each) => each.getName() === 'created_at');
      const at =
        before < 0
          ? owner.getMembers().length
          : owner.getMembers().indexOf(owner.getProperties()[before]);
      owner.insertMember(at, about + property);
    }
    if (isListed && kind.titled) leaveOut(code, kind.titled(field, names).property, names);
    if (kind.isGiven) present(code, `${names.variable}Dto`, field.property, name);
    if (kind.name !== 'choice' || targets.length === 0) return;
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
