import { basename, dirname } from 'node:path';
import { create } from 'express-handlebars';
import Handlebars from 'handlebars';
import { registerViewHelpers, type Translate } from './view-helpers.js';

export interface ViewEngineOptions {
  viewsDir: string;
  /** On: every template is read and compiled once. Off: each render reads the files again. */
  cache: boolean;
  translate: Translate;
  /** Logical asset name → public path, see `createAssetResolver`. */
  asset: (name: string) => string;
}

export interface ViewEngine {
  /**
   * Renders `views/<view>.hbs`. Pages name their layout themselves (`{{#> layouts/app}}`), and every
   * template can be used as a partial under its path without `partials/`. Views ending in `.text` (mail)
   * are plain text: nothing is HTML-escaped.
   */
  render(view: string, model: object): Promise<string>;
}

type Templates = Record<string, Handlebars.TemplateDelegate>;
type Render = (model: object) => string;

/**
 * express-handlebars finds, compiles and caches the templates; rendering calls them directly. Its own
 * `renderView` collects all partials anew for page and layout of every request, which costs more than
 * the page itself.
 */
export function createViewEngine(options: ViewEngineOptions): ViewEngine {
  const pages = templateSet(options, '.hbs', false);
  const texts = templateSet(options, '.text.hbs', true);
  return {
    render: async (view, model) => {
      const found = await (view.endsWith('.text') ? texts(view.slice(0, -5)) : pages(view));
      return found(model);
    },
  };
}

function templateSet(options: ViewEngineOptions, extname: string, noEscape: boolean) {
  const { cache, viewsDir } = options;
  const handlebars = Handlebars.create();
  registerViewHelpers(handlebars, options);
  const compilerOptions = {
    noEscape,
    preventIndent: true,
    knownHelpers: knownHelpers(handlebars),
    knownHelpersOnly: true,
  };
  const finder = create({ handlebars, extname, compilerOptions });

  const load = async (): Promise<Templates> => {
    const files = (await finder.getTemplates(viewsDir, { cache })) as Templates;
    const named = Object.entries(files).map(([file, run]) => [nameOf(file, extname), run] as const);
    for (const [name, run] of named) handlebars.registerPartial(name.replace(/^partials\//, ''), run);
    return Object.fromEntries(named);
  };

  let loaded: Promise<Templates> | undefined;
  return async (view: string): Promise<Render> => {
    if (!loaded || !cache) loaded = load();
    const run = (await loaded)[view];
    if (!run) throw new Error(`No view "${view}${extname}" in ${viewsDir}`);
    return (model) => run(model).trimStart();
  };
}

function nameOf(file: string, extname: string): string {
  const folder = dirname(file);
  const name = basename(file, extname);
  return folder === '.' ? name : `${folder}/${name}`;
}

/** Told which helpers there are, and that there are no others, the compiler looks none of them up. */
function knownHelpers(handlebars: typeof Handlebars): Record<string, boolean> {
  return Object.fromEntries(Object.keys(handlebars.helpers).map((name) => [name, true]));
}
