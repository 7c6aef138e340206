import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import Handlebars from 'handlebars';
import { fieldsFirst } from './fields-first.js';
import { inlinePartials, NotInlinable, type InlineOptions, type Folded } from './template-inliner.js';
import { registerViewHelpers, type Translate } from './view-helpers.js';

export interface ViewEngineOptions {
  /** Folders of templates; one in a later folder takes the place of that of the same path. */
  viewsDirs: readonly string[];
  /** True: every template is read and compiled once; false: on every render. */
  cache: boolean;
  translate: Translate;
  /** Logical asset name → public path, see `createAssetResolver`. */
  asset: (name: string) => string;
}

export interface ViewEngine {
  /**
   * Renders `views/<view>.hbs`. Pages name their layout themselves (`{{#> layouts/app}}`), and every template
   * can be used as a partial by its path without `partials/`. Views ending in `.text` (mail) are plain text
   * without HTML escaping.
   */
  render(view: string, model: object): Promise<string>;
}

type Template = Handlebars.TemplateDelegate;
type Localised = { shell: { locale: string } };

/**
 * Templates are inlined once for each language (`template-inliner.ts`) and called directly: the render call
 * of express-handlebars collects all partials anew for page and layout of every request.
 */
export function createViewEngine(options: ViewEngineOptions): ViewEngine {
  const pages = templateSet(options, '.hbs', false);
  const texts = templateSet(options, '.text.hbs', true);
  return {
    render: async (view, model) => {
      const [name, find] = view.endsWith('.text') ? [view.slice(0, -5), texts] : [view, pages];
      const template = (await find()).template(name, (model as Localised).shell.locale);
      return template(model).trimStart();
    },
  };
}

function templateSet(options: ViewEngineOptions, extname: string, noEscape: boolean) {
  const { cache, viewsDirs } = options;
  const load = async () => {
    const found = await Promise.all(viewsDirs.map((folder) => filesIn(folder, extname)));
    return new TemplateSet(new Map(found.flatMap((texts) => [...texts])), options, noEscape);
  };
  let loaded: Promise<TemplateSet> | undefined;
  return (): Promise<TemplateSet> => {
    if (!loaded || !cache) loaded = load();
    return loaded;
  };
}

/** The text of every template, by its path without the extension. */
async function filesIn(folder: string, extname: string): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const file of await readdir(folder, { recursive: true })) {
    if (!file.endsWith(extname)) continue;
    texts.set(nameOf(file, extname), (await readFile(join(folder, file), 'utf8')).trim());
  }
  return texts;
}

/** Helpers whose result depends on their arguments and the language only. */
const CONSTANT = new Set(['t', 'icon', 'asset', 'coded', 'concat', 'eq', 'ne']);

class TemplateSet {
  private readonly handlebars = Handlebars.create();
  private readonly parsed = new Map<string, hbs.AST.Program>();
  private readonly compiled = new Map<string, Template>();
  private readonly compilerOptions: CompileOptions;

  constructor(
    private readonly texts: Map<string, string>,
    options: ViewEngineOptions,
    private readonly noEscape: boolean,
  ) {
    const partial = (name: string, locale: string) => this.template(name, locale);
    registerViewHelpers(this.handlebars, { ...options, partial });
    const { helpers } = this.handlebars;
    // With `knownHelpersOnly` an unknown helper is an error when a template is compiled.
    const knownHelpers = Object.fromEntries(Object.keys(helpers).map((name) => [name, true]));
    this.compilerOptions = { noEscape, preventIndent: true, knownHelpers, knownHelpersOnly: true };
    for (const name of texts.keys()) this.registerPartial(name);
  }

  template(name: string, locale: string): Template {
    const key = `${locale} ${name}`;
    let template = this.compiled.get(key);
    if (!template) this.compiled.set(key, (template = this.compile(name, locale)));
    return template;
  }

  /** A template that cannot be inlined is compiled as is. */
  private compile(name: string, locale: string): Template {
    const program = this.find(name);
    if (!program) throw new Error(`No view "${name}"`);
    try {
      const flat = inlinePartials(program, this.flattening(locale));
      return this.handlebars.compile(flat, { ...this.compilerOptions, ignoreStandalone: true });
    } catch (error) {
      if (!(error instanceof NotInlinable)) throw error;
      return this.handlebars.compile(program, this.compilerOptions);
    }
  }

  /** Compiled when a template that was not inlined calls it. */
  private registerPartial(name: string): void {
    let partial: Template | undefined;
    this.handlebars.registerPartial(name.replace(/^partials\//, ''), (context, options) => {
      partial ??= this.handlebars.compile(this.find(name)!, this.compilerOptions);
      return partial(context, options);
    });
  }

  private flattening(locale: string): InlineOptions {
    const helpers = this.handlebars.helpers as Record<string, Handlebars.HelperDelegate>;
    const data = { root: { shell: { locale } } };
    return {
      find: (name) => this.find(name),
      fold: (name, params, hash) =>
        CONSTANT.has(name) ? (helpers[name]!(...params, { hash, data }) as Folded) : undefined,
      escape: this.noEscape ? String : (text) => Handlebars.escapeExpression(text as string),
    };
  }

  private find(name: string): hbs.AST.Program | undefined {
    const text = this.textOf(name);
    if (text === undefined) return undefined;
    let program = this.parsed.get(name);
    if (!program) {
      const isHelper = (word: string) => Object.hasOwn(this.handlebars.helpers, word);
      program = fieldsFirst(this.handlebars.parse(text), isHelper);
      this.parsed.set(name, program);
    }
    return program;
  }

  /** Source of a template by its path, with or without `partials/`. */
  private textOf(name: string): string | undefined {
    return this.texts.get(name) ?? this.texts.get(`partials/${name}`);
  }
}

function nameOf(file: string, extname: string): string {
  const folder = dirname(file);
  const name = basename(file, extname);
  return folder === '.' ? name : `${folder}/${name}`;
}
