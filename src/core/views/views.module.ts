import { Global, Module } from '@nestjs/common';
import { brandFolder } from '../brand/brand.js';
import { AppConfig } from '../config/config.js';
import { projectPath } from '../config/project-path.js';
import { Translator } from '../i18n/translator.js';
import { createAssetResolver } from './asset-manifest.js';
import { createViewEngine, type ViewEngine } from './view-engine.js';

/** Renders `views/`, or what `brand/views` holds instead, for pages and mails alike. */
export abstract class Views implements ViewEngine {
  abstract render(view: string, model: object): Promise<string>;
}

@Global()
@Module({
  providers: [
    {
      provide: Views,
      inject: [AppConfig, Translator],
      useFactory: (config: AppConfig, texts: Translator): Views => {
        const cache = config.NODE_ENV !== 'development';
        return createViewEngine({
          viewsDirs: [projectPath('views'), brandFolder('views') ?? []].flat(),
          cache,
          translate: (key, options) => texts.translate(key, options),
          asset: createAssetResolver(projectPath('public'), cache),
        });
      },
    },
  ],
  exports: [Views],
})
export class ViewsModule {}
