import { quoted } from '../kinds/markup.mjs';

/** How many sample rows a module has. */
const ROWS = 5;

/** Days from today of the first date of each row. */
const DAYS = [-12, -2, 3, 10, 30];

/**
 * `src/<module>/<module>.sample-data.ts`: what an admin of a new organisation sees of the module. It is put together here, as
 * every value follows from a field.
 */
export const sampleData = {
  path: ({ plural }) => `src/${plural}/${plural}.sample-data.ts`,

  text({ names, fields, title, dated }) {
    const { table, many } = names;
    const values = fields.flatMap((field) => valueOf(field, { names, title, dated }));
    const parents = requiredParents(fields);
    return `import type { SampleStory } from '../core/features/sample-data.js';

${dated ? `/** Days from today; negative: in the past. */\nconst DAYS = [${DAYS.join(', ')}] as const;\n\n` : ''}/** Sample ${many} of whoever asks for them. */
export function tell(story: SampleStory): void {
${parents.map(({ property, parent }) => `  const ${property}s = story.ids('${parent.table}');\n  if (${property}s.length === 0) return;\n`).join('')}  for (${dated ? 'const [at, days] of DAYS.entries()' : `let at = 0; at < ${ROWS}; at++`}) {
    story.row('${table}', {
${values.map((each) => `      ${each},\n`).join('')}    });
  }
}
`;
  },
};

/**
 * Whether a module can have sample data. A number that a sample row was given would be missing afterwards, and a value
 * that has to be unique may be there already.
 */
export function canHaveSamples({ fields }) {
  return !fields.some(
    ({ kind, isUnique, isNullable }) => kind.isGiven || (isUnique && !isNullable),
  );
}

/** A feature without sample data declares none. */
export function dropSamples(code, names) {
  const declared = code.constant(names.variables).getArguments()[0];
  declared.getProperty('sampleData')?.remove();
  const grants = code.property(declared, 'tables', names.table, 'grants');
  grants.getProperty('samples')?.remove();
}

function requiredParents(fields) {
  return fields.filter(({ kind, isRequired }) => kind.hasParent && isRequired);
}

/** The property of a sample row; none where a field is better left blank. */
function valueOf(field, { names, title, dated }) {
  const { kind, property, options, isNullable } = field;
  const set = (code) => [`${property}: ${code}`];
  if (field === title) return set(`story.t('${names.plural}.sample_data', { number: at + 1 })`);
  if (kind.name === 'member') return set('story.memberId');
  if (kind.hasParent) return isNullable ? [] : set(`${property}s[at % ${property}s.length]`);
  if (kind.name === 'date') return set(field === dated ? 'story.day(days)' : 'story.day(at)');
  if (kind.name === 'choice') {
    return set(`([${options.map(quoted).join(', ')}] as const)[at % ${options.length}]`);
  }
  const isLeftBlank =
    isNullable && (kind.isText || ['multiline', 'email', 'url'].includes(kind.name));
  return isLeftBlank || field.isUnique ? [] : set(kind.sample(field).sent);
}
