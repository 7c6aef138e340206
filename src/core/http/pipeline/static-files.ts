import { ServeStaticModule } from '@nestjs/serve-static';
import type { DynamicModule } from '@nestjs/common';
import { projectPath } from '../../config/project-path.js';

/**
 * The built files of `public/assets`. Their names hold a hash of what is in them: a file never changes,
 * so nobody needs to ask for it again.
 */
export function staticFiles(): DynamicModule {
  return ServeStaticModule.forRoot({
    rootPath: projectPath('public', 'assets'),
    serveRoot: '/assets',
    // Made for single-page applications, it would answer every other address with an index.html.
    exclude: ['/{*any}'],
    serveStaticOptions: { immutable: true, maxAge: '1y', index: false, redirect: false },
  });
}
