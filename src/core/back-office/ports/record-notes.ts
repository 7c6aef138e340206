import type { Form } from '../../http/forms/form.js';

/** What staff noted about a row, as its page shows it. */
export interface ShownNotes {
  notes: ReadonlyArray<{
    id: string;
    text: string;
    author: string;
    createdAt: Date;
    editedAt: Date | null;
    /** Addresses of the pages that change and delete it; null where this person may not. */
    editUrl: string | null;
    deleteUrl: string | null;
  }>;
  /** Where a new one is sent to. */
  action: string;
  form: Form<object>;
}

/** Notes of staff about a record (`hasNotes` of its entity). Implemented by the back office's feature. */
export abstract class RecordNotes {
  abstract of(recordId: string, form?: Form<object>): Promise<ShownNotes>;
}
