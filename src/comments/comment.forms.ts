import { HintField, TextField, VersionField } from '../core/http/forms/fields.js';
import { MultilineField, RowField } from '../core/http/forms/value-fields.js';
import { LONGEST } from './comment.entity.js';

/** `POST /comments/on/<kind>/<id>/`, and the body of a change through the API. */
export class CommentForm {
  /** Lines end in `\n`. */
  @MultilineField({ max: LONGEST }) text: string;
}

/** `POST /comments/<id>/edit/`; `version`: the version the form was filled in from. */
export class ChangeCommentForm extends CommentForm {
  @VersionField() version: number = 0;
}

/** Body of `POST /api/v1/comments`. */
export class NewCommentBody extends CommentForm {
  /** The kind of row that the comment is about. */
  @TextField({ max: 60, example: 'contract' }) record_type: string;
  /** The id of that row. */
  @RowField() record_id: string;
}

/** Query of `GET /comments/on/<kind>/<id>/`; invalid values are ignored. */
export class CommentsFilter {
  /** A cursor from a previous response. */
  @HintField(/^.{1,2000}$/s) page?: string;
}
