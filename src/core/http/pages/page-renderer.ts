import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Translator } from '../../i18n/translator.js';
import { Views } from '../../views/views.module.js';
import type { FormModel } from '../../views/shell.js';
import type { Page } from '../pipeline/answers.js';
import { Form, type FormProblem } from '../forms/form.js';
import { PublicPages } from './public-pages.js';
import { ShellBuilder } from './shell-builder.js';

/** Renders a page to HTML: its model, its form and the shell around it. */
@Injectable()
export class PageRenderer {
  constructor(
    private readonly views: Views,
    private readonly shell: ShellBuilder,
    private readonly publicPages: PublicPages,
    private readonly texts: Translator,
  ) {}

  async render(req: Request, res: Response, { view, model, options }: Page): Promise<string> {
    const entries = Object.entries(model).map(
      ([name, value]) =>
        [
          name,
          value instanceof Form ? this.formModel(value as Form<object>) : (value as unknown),
        ] as const,
    );
    const shell = this.shell.build(req, res, options.section ?? '');
    res.status(options.status ?? 200);
    res.setHeader('Content-Type', 'text/html; charset=utf-8');
    res.setHeader('Cache-Control', shell.user || isSecret(req) ? 'no-store' : 'private, no-cache');
    res.vary('Cookie').vary('Accept-Language');
    const isRefused = options.status === 422 || Object.values(model).some(hasProblems);
    const listing = res.statusCode === 200 ? this.publicPages.addressOf(req) : null;
    return this.views.render(view, { ...Object.fromEntries(entries), shell, isRefused, listing });
  }

  /** Translates errors; one without a field of this form is about the whole form. */
  private formModel({ values, problems }: Form<object>): FormModel {
    const errors: Record<string, string[]> = {};
    for (const problem of problems) {
      if (problem.field) (errors[problem.field] ??= []).push(this.sentence(problem));
    }
    const general = problems.find((problem) => !problem.field);
    return { values, errors, message: general ? this.sentence(general) : null };
  }

  private sentence({ key, args }: FormProblem): string {
    return this.texts.t(key, args);
  }
}

function hasProblems(value: unknown): boolean {
  return value instanceof Form && !value.ok;
}

/** Whether the URL contains the token of a mailed link: such pages are `no-store` (ASVS 14.3.2). */
function isSecret({ params, path }: Request): boolean {
  return params?.token !== undefined || path.startsWith('/email/');
}
