import { Injectable, type PipeTransform, type Type } from '@nestjs/common';
import { DomainError } from '../../errors/domain-error.js';
import { validatedProperties } from '../../utils/validated-properties.js';
import { formOf, lastText, type Form } from './form.js';

/** Forms of one route, by the value of their hidden field `action`. */
export type ActionForms = Readonly<Record<string, Type<object>>>;

/** The form that was sent. */
export interface SentForm<F extends ActionForms> {
  action: keyof F;
  form: Form<InstanceType<F[keyof F]>>;
}

/** A handler for each form. */
export type ActionHandlers<F extends ActionForms, R> = {
  readonly [A in keyof F]: (form: Form<InstanceType<F[A]>>) => R;
};

/**
 * `@Body(actionFormOf(FORMS)) sent: SentForm<typeof FORMS>`: the body as the form its `action` names,
 * checked as by `formOf`. @throws DomainError `malformed` for any other action
 */
export function actionFormOf<F extends ActionForms>(
  forms: F,
): Type<PipeTransform<unknown, SentForm<F>>> {
  @Injectable()
  class ActionFormPipe implements PipeTransform<unknown, SentForm<F>> {
    /** Field names, for tests and documents that list the inputs of routes. */
    static readonly fields = () => [
      ...new Set(['action', ...Object.values(forms).flatMap((form) => validatedProperties(form))]),
    ];

    transform(body: unknown): SentForm<F> {
      const action = lastText((body as { action?: unknown } | undefined)?.action);
      const form = action !== undefined && Object.hasOwn(forms, action) ? forms[action] : undefined;
      if (!action || !form) throw new DomainError('malformed', 'errors.400.text');
      const pipe = new (formOf(form))();
      const sent = pipe.transform(body, { type: 'body' }) as Form<InstanceType<F[keyof F]>>;
      return { action, form: sent };
    }
  }
  return ActionFormPipe;
}

/** Calls the handler of the form's action. */
export function dispatch<F extends ActionForms, R>(
  { action, form }: SentForm<F>,
  handlers: ActionHandlers<F, R>,
): R {
  return handlers[action](form);
}
