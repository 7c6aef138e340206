import { samples } from '../parts/samples.mjs';
import { declare, editCode, place, provide, requireFree, say } from './place.mjs';

const POSITION = 80;

/** Adds a tab of the module to the settings: its page, for those who may change rows. @throws Refused */
export async function makeTab(tree, [module], { singular }) {
  const names = await place(tree, module, singular);
  const { Plural, plural, resource } = names;
  const path = `src/${plural}/${plural}-settings.page.controller.ts`;
  const view = `views/${plural}/settings.hbs`;
  requireFree(tree, path, view);
  tree.write(path, controller(names));
  tree.write(view, page(names));
  const href = `/settings/${plural}/`;
  declare(tree, names, 'settingsTabs', {
    initializer: `{ name: '${plural}', href: '${href}', text: '${plural}.title', position: ${POSITION}, flag: '${resource}' }`,
  });
  const from = `./${plural}-settings.page.controller.js`;
  provide(tree, names, 'controllers', [`${Plural}SettingsPageController`, from]);
  say(tree, names, TEXTS);
  editCode(tree, samples.path(names), (code) => {
    const pages = code.property(code.constant('samples'), 'pages', 'admin');
    code.array(pages).addElement(`'${href}'`);
  });
}

function controller({ plural, resource, Plural }) {
  return `import { Controller, Get } from '@nestjs/common';
import { RequiresFlag } from '../core/flags/flag.guard.js';
import { May } from '../core/http/access/access.js';
import { NotSensitive } from '../core/http/access/step-up.js';
import { page, type Page } from '../core/http/pipeline/answers.js';

/** Settings tab, for whoever may change rows. */
@Controller('settings/${plural}')
@May('${resource}:write')
@RequiresFlag('${resource}')
@NotSensitive()
export class ${Plural}SettingsPageController {
  @Get()
  show(): Page {
    return page('${plural}/settings', {}, { section: 'settings' });
  }
}
`;
}

function page({ plural }) {
  return `{{#> layouts/app pageTitle=(t "${plural}.title")}}
{{#> settings/partials/frame tab="${plural}"}}
{{#> card id="${plural}" title=(t "${plural}.title") subtitle=(t "${plural}.settings.text")}}
<p><a class="text-link tap" href="/${plural}/">{{t "${plural}.settings.list"}}</a></p>
{{/card}}
{{/settings/partials/frame}}
{{/layouts/app}}
`;
}

const TEXTS = {
  en: {
    settings: {
      text: 'Settings that apply to everybody in your organisation.',
      list: 'Go to the list',
    },
  },
  nl: {
    settings: {
      text: 'Instellingen die voor iedereen in uw organisatie gelden.',
      list: 'Naar de lijst',
    },
  },
  fr: {
    settings: {
      text: 'Des paramètres qui valent pour toute votre organisation.',
      list: 'Aller à la liste',
    },
  },
};
