import { Global, Module } from '@nestjs/common';
import { I18nJsonLoader, I18nModule } from 'nestjs-i18n';
import { AppConfig } from '../config/config.js';
import { projectPath } from '../config/project-path.js';
import { DEFAULT_LOCALE } from './locales.js';
import { ScopeLocaleResolver } from './scope-locale.resolver.js';
import { Texts } from './texts.js';

/**
 * Texts of `i18n/<language>/<room>.json`. What `nl-BE` does not say differently is said in `nl`, and
 * what `nl` lacks in `en`. The language of a request is decided by the visitor, not by the library.
 */
@Global()
@Module({
  imports: [
    I18nModule.forRootAsync({
      imports: [],
      resolvers: [new ScopeLocaleResolver()],
      inject: [AppConfig],
      loaders: [],
      useFactory: (config: AppConfig) => ({
        fallbackLanguage: DEFAULT_LOCALE,
        loaders: [
          new I18nJsonLoader({
            path: projectPath('i18n'),
            watch: config.NODE_ENV === 'development',
          }),
        ],
        disableMiddleware: true,
        logging: false,
      }),
    }),
  ],
  providers: [Texts],
  exports: [Texts],
})
export class TranslationsModule {}
