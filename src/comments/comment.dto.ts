import { ApiProperty, PartialType } from '@nestjs/swagger';
import { ListDto } from '../core/http/api/list.dto.js';
import { CommentForm } from './comment.forms.js';
import type { CommentRow } from './comments.repository.js';

/** What somebody says about a row. */
export class CommentDto {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ description: 'The kind of row that it is about', example: 'contract' })
  record_type: string;
  @ApiProperty({ format: 'uuid' }) record_id: string;
  @ApiProperty({ minLength: 1, maxLength: 4000, example: 'The keys come on Monday.' }) text: string;
  @ApiProperty({
    type: 'string',
    format: 'uuid',
    nullable: true,
    description: 'The member who wrote it; null: an API key',
  })
  author_id: string | null;
  @ApiProperty({ description: 'Name of the member or key', example: 'Ann Peeters' })
  author_name: string;
  @ApiProperty({ format: 'date-time' }) created_at: Date;
  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, description: 'Null: never' })
  edited_at: Date | null;
}

export class CommentListDto extends ListDto {
  @ApiProperty({ type: [CommentDto] }) items: CommentDto[];
}

/** Body of a PATCH (for the API document). */
export class CommentPatchDto extends PartialType(CommentForm) {}

export function commentDto(row: CommentRow): CommentDto {
  return {
    id: row.id,
    record_type: row.subject,
    record_id: row.subjectId,
    text: row.text,
    author_id: row.authorId,
    author_name: row.name ?? '',
    created_at: row.createdAt,
    edited_at: row.editedAt,
  };
}
