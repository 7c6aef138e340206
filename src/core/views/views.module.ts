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

/** The public paths of built files. */
export abstract class Assets {
  /** @param name logical name, `app.css` */
  abstract path(name: string): string;
}

const isCached = (config: AppConfig) => config.NODE_ENV !== 'development';

@Global()
@Module({
  providers: [
    {
      provide: Assets,
      inject: [AppConfig],
      useFactory: (config: AppConfig): Assets => ({
        path: createAssetResolver(projectPath('public'), isCached(config)),
      }),
    },
    {
      provide: Views,
      inject: [AppConfig, Assets, Translator],
      useFactory: (config: AppConfig, assets: Assets, texts: Translator): Views =>
        createViewEngine({
          viewsDirs: [projectPath('views'), brandFolder('views') ?? []].flat(),
          cache: isCached(config),
          translate: (key, options) => texts.translate(key, options),
          asset: (name) => assets.path(name),
        }),
    },
  ],
  exports: [Assets, Views],
})
export class ViewsModule {}
