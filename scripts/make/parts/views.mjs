import { camelCase } from '../names.mjs';

/** `views/<module>`: list, form, detail and what is saved. */

const list = {
  path: ({ plural }) => `views/${plural}/list.hbs`,

  strip(markup, { names, title, hasSamples }) {
    const { plural } = names;
    if (!hasSamples) markup.replace('{{> sample-data/partials/offer-in-empty}}', '');
    const heading = (by, name) =>
      `{{> column sort=sort by="${by}" label=(t "${plural}.fields.${name}")}}`;
    markup.replace(heading('name', 'name'), heading(title.name, title.name));
    markup.replace(heading('due', 'due_date'), '');
    for (const name of ['status', 'owner_id']) {
      markup.replace(`<th scope="col">{{t "${plural}.fields.${name}"}}</th>`, '');
    }
    markup.replace(/    <td>\{\{#> form\/in-place .*<\/td>\n/.exec(markup.text)[0], '');
    markup.replace('<td></td><td></td><td></td></tr></tfoot>', '</tr></tfoot>');
    markup.replace(`    <td class="whitespace-nowrap">{{> ${plural}/partials/due}}</td>\n`, '');
    markup.replace('    <td class="wrap-break-word">{{ownerName}}</td>\n', '');
    markup.replace('      {{name}}\n', `      {{${title.property}}}\n`);
    markup.replace('{{name}}</a>', `{{${title.property}}}</a>`);
  },

  add(markup, field, { names, listed, dated, titleName }) {
    if (!listed.includes(field)) return;
    const { kind, property } = field;
    const isEnd = kind.cell.includes('text-end');
    markup.insertBefore(
      '</tr></thead>',
      header(names.plural, field, { isEnd, isSorted: field === dated }),
    );
    const value = kind.shown(field, property, names);
    const shown = kind.inPlace?.(field, names, value, camelCase(titleName)) ?? value;
    markup.insertBefore('  </tr>\n  {{/each}}', `    <td class="${kind.cell}">${shown}</td>\n`);
    // Modules that were made before had no foot.
    if (markup.text.includes('</tr></tfoot>')) {
      const label = kind.isSummed
        ? ` data-label="{{t "${names.plural}.fields.${field.name}"}}"`
        : '';
      const sum = kind.isSummed ? `{{localmoney totals.${property}}}` : '';
      const cell = kind.isSummed ? ` class="${kind.cell} font-medium"` : '';
      markup.insertBefore('</tr></tfoot>', `<td${cell}${label}>${sum}</td>`);
    }
  },
};

function header(plural, { name }, { isEnd, isSorted }) {
  const label = `t "${plural}.fields.${name}"`;
  if (isSorted) return `{{> column sort=sort by="${name}" label=(${label})}}`;
  return `<th scope="col"${isEnd ? ' class="text-end"' : ''}>{{${label}}}</th>`;
}

const detail = {
  path: ({ plural, singular }) => `views/${plural}/${singular}.hbs`,

  strip: entitled,

  add(markup, { kind, name, property }, { names }) {
    if (!kind.isGiven) return;
    const { plural, variable } = names;
    markup.insertBefore(
      `<span>{{t "${plural}.details.changed"}}`,
      `<span>{{t "${plural}.fields.${name}"}} <span class="tabular-nums">{{${variable}.${property}}}</span></span>`,
    );
  },
};

const edit = {
  path: ({ plural }) => `views/${plural}/edit.hbs`,
  strip: entitled,
};

/** The title of a row takes the place of its name. */
function entitled(markup, { names: { variable }, title }) {
  markup.replace(`${variable}.name`, `${variable}.${title.property}`, { times: 2 });
}

const inputs = {
  path: ({ plural }) => `views/${plural}/partials/fields.hbs`,

  strip(markup) {
    markup.text = markup.text.slice(0, markup.text.indexOf('\n') + 1);
  },

  add(markup, field, { names }) {
    if (!field.kind.isGiven) markup.text += `${field.kind.input(field, names)}\n`;
  },
};

const values = {
  path: ({ plural }) => `views/${plural}/partials/values.hbs`,

  strip(markup) {
    const [before, after] = [
      '<dl class="grid gap-x-6 sm:grid-cols-[auto_1fr] sm:gap-y-2 [&>dd]:max-sm:mb-3">\n',
      '</dl>',
    ];
    const from = markup.text.indexOf(before) + before.length;
    markup.text = markup.text.slice(0, from) + markup.text.slice(markup.text.indexOf(after));
  },

  add(markup, field, { names }) {
    const { plural, variable } = names;
    const shown = field.kind.shown(field, `${variable}.${field.property}`, names);
    markup.insertBefore(
      '</dl>',
      `  <dt class="text-muted">{{t "${plural}.fields.${field.name}"}}</dt><dd class="wrap-anywhere">${shown}</dd>\n`,
    );
  },
};

const same = (name) => ({ path: ({ plural }) => `views/${plural}/${name}.hbs` });

export const views = [
  list,
  detail,
  edit,
  inputs,
  values,
  same('new'),
  same('partials/saved-now'),
  same('partials/filter'),
];
