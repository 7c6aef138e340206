import { Injectable } from '@nestjs/common';
import { declaredIn } from '../../features/registry.js';
import { ApiDocument } from '../api/api-document.js';
import { Subjects } from './subjects.js';

/** Tells readers of the API's document which rows something is kept about. */
@Injectable()
export class SubjectDocument {
  constructor(
    private readonly document: ApiDocument,
    private readonly subjects: Subjects,
  ) {}

  /**
   * Adds to the description of these operations the kinds of rows that have `part`, each with the scope it needs and
   * `more` about it.
   * @throws Error where a kind has no list, since nobody could read what is kept about its rows
   */
  describe(part: string, operationIds: readonly string[], more = (_kind: string) => ''): void {
    const kinds = this.subjects.kindsWith(part).map((kind) => {
      const permission = this.subjects.permissionOf(kind);
      if (permission) return `\`${kind}\` (\`${permission}\`${more(kind)})`;
      throw new Error(
        `${declaredIn('subjects', kind)}: subjects.${kind} has its list where no page asks for a permission: write the path of the list`,
      );
    });
    const needed = `Kinds of rows (\`record_type\`), and what each needs besides: ${kinds.join(', ') || 'none'}.`;
    for (const id of operationIds) this.document.addDescription(id, needed);
  }
}
