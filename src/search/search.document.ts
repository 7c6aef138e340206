import { Injectable, type OnModuleInit } from '@nestjs/common';
import { searchKinds } from '../core/features/registry.js';
import { ApiDocument } from '../core/http/api/api-document.js';

/** The kinds of rows in the API's document, each with the scope it needs. */
@Injectable()
export class SearchDocument implements OnModuleInit {
  constructor(private readonly document: ApiDocument) {}

  onModuleInit(): void {
    const kinds = searchKinds().map(([name, { permission }]) => `\`${name}\` (\`${permission}\`)`);
    this.document.addDescription(
      'search',
      `Finds rows of every kind that the role or the scopes may read, besides \`search:read\`. Kinds, and what each ` +
        `needs: ${kinds.join(', ')}. A kind that may not be read is left out.`,
    );
  }
}
