import { Injectable } from '@nestjs/common';
import { RecordNotes, type ShownNotes } from '../../core/back-office/ports/record-notes.js';
import { me } from '../../core/http/access/current-user.js';
import { Form } from '../../core/http/forms/form.js';
import { mayChange, mayDelete, StaffNotesService } from './staff-notes.service.js';

/** The notes on the page of an organisation. */
@Injectable()
export class OrganisationNotes extends RecordNotes {
  constructor(private readonly notes: StaffNotesService) {
    super();
  }

  async of(tenantId: string, form: Form<object> = Form.blank()): Promise<ShownNotes> {
    const action = `/admin/tenants/${tenantId}/notes/`;
    const viewer = me();
    const notes = await this.notes.of(tenantId);
    return {
      notes: notes.map((note) => ({
        id: note.id,
        text: note.text,
        author: note.author ?? '–',
        createdAt: note.createdAt,
        editedAt: note.editedAt,
        editUrl: mayChange(viewer, note) ? `${action}${note.id}/edit/` : null,
        deleteUrl: mayDelete(viewer, note) ? `${action}${note.id}/delete/` : null,
      })),
      action,
      form,
    };
  }
}
