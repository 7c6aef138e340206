import { ServeStaticModule } from '@nestjs/serve-static';
import type { DynamicModule } from '@nestjs/common';
import { projectPath } from '../../config/project-path.js';

/**
 * Serves `public/assets`. File names contain a hash of the content, so files never change and are cached for
 * good.
 */
export function staticFiles(): DynamicModule {
  return ServeStaticModule.forRoot({
    rootPath: projectPath('public', 'assets'),
    serveRoot: '/assets',
    // Disabled: for single-page applications, it would answer every other path with index.html.
    exclude: ['/{*any}'],
    serveStaticOptions: { immutable: true, maxAge: '1y', index: false, redirect: false },
  });
}
