import { Injectable, type OnModuleInit } from '@nestjs/common';
import { declaredIn, searchKinds } from '../core/features/registry.js';
import { OpenPages } from '../core/http/access/open-pages.js';
import { ApiDocument } from '../core/http/api/api-document.js';

/** The kinds of rows in the API's document, each with the scope it needs. */
@Injectable()
export class SearchDocument implements OnModuleInit {
  constructor(
    private readonly document: ApiDocument,
    private readonly pages: OpenPages,
  ) {}

  /** @throws Error where a kind has no list, since nobody would find its rows */
  onModuleInit(): void {
    const kinds = searchKinds().map(([name, { href }]) => {
      const permission = this.pages.permissionOf(href);
      if (permission) return `\`${name}\` (\`${permission}\`)`;
      throw new Error(
        `${declaredIn('search', name)}: search.${name} has its list at ${href}, where no page asks for a permission: write the path of the list`,
      );
    });
    this.document.addDescription(
      'search',
      `Finds rows of every kind that the role or the scopes may read, besides \`search:read\`. Kinds, and what each ` +
        `needs: ${kinds.join(', ')}. A kind that may not be read is left out.`,
    );
  }
}
