import { Global, Module, type Provider } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { I18nJsonLoader, I18nModule } from 'nestjs-i18n';
import { brandFolder } from '../brand/brand.js';
import { AppConfig } from '../config/config.js';
import { projectPath } from '../config/project-path.js';
import { DEFAULT_LOCALE } from './locales.js';
import { Translator } from './translator.js';

/**
 * Loads `i18n/<language>/<feature>.json`, and over it what `brand/i18n` says instead. Falls back from `nl-BE` to `nl` to `en`. The request's context, not
 * the library, decides the language.
 */
const library = I18nModule.forRootAsync({
  imports: [],
  // Never asked, as its interceptor is left out; without any the library complains at every start.
  resolvers: [{ resolve: () => undefined }],
  inject: [AppConfig],
  loaders: [],
  useFactory: (config: AppConfig) => ({
    fallbackLanguage: DEFAULT_LOCALE,
    loaders: [projectPath('i18n'), brandFolder('i18n') ?? []]
      .flat()
      .map((path) => new I18nJsonLoader({ path, watch: config.NODE_ENV === 'development' })),
    disableMiddleware: true,
    // `Texts` fills the arguments in, after the library is done: it would execute `$t(…)` in people's names.
    formatter: (sentence: string) => sentence,
    logging: false,
  }),
});

@Global()
@Module({
  // Its interceptor finds a language for a context of the library's own, which nothing here asks.
  imports: [
    { ...library, providers: library.providers?.filter((one) => !isInterceptor(one)) ?? [] },
  ],
  providers: [Translator],
  exports: [Translator],
})
export class TranslationsModule {}

function isInterceptor(provider: Provider): boolean {
  return 'provide' in provider && provider.provide === APP_INTERCEPTOR;
}
