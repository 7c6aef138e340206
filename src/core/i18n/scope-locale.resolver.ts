import type { I18nResolver } from 'nestjs-i18n';
import { currentScope } from '../context/request-context.js';

/** The library asks here for the language of a request: the scope has it, decided by the visitor. */
export class ScopeLocaleResolver implements I18nResolver {
  resolve(): string {
    return currentScope().locale;
  }
}
