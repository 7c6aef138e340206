import { ApiProperty } from '@nestjs/swagger';
import { mediaTypeOf } from '../core/http/uploads/file-names.js';
import type { AttachmentRow } from './attachments.repository.js';

/** A file of a row. */
export class AttachmentDto {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ description: 'The kind of row that it belongs to', example: 'contract' })
  record_type: string;
  @ApiProperty({ format: 'uuid' }) record_id: string;
  @ApiProperty({
    type: 'string',
    nullable: true,
    maxLength: 60,
    description: 'The field of the row that it is; null: any other file',
    example: 'signed_copy',
  })
  field: string | null;
  @ApiProperty({ minLength: 1, maxLength: 200, example: 'quote.pdf' }) name: string;
  @ApiProperty({ type: 'integer', description: 'Bytes', minimum: 1, example: 48_213 })
  size: number;
  @ApiProperty({ description: 'How its content is answered', example: 'application/pdf' })
  media_type: string;
  @ApiProperty({
    type: 'string',
    format: 'uuid',
    nullable: true,
    description: 'The member who added it; null: an API key',
  })
  author_id: string | null;
  @ApiProperty({ description: 'Name of the member or key', example: 'Ann Peeters' })
  author_name: string;
  @ApiProperty({ format: 'date-time' }) created_at: Date;
}

export class AttachmentListDto {
  @ApiProperty({ type: [AttachmentDto] }) items: AttachmentDto[];
}

export function attachmentDto(row: AttachmentRow): AttachmentDto {
  return {
    id: row.id,
    record_type: row.subject,
    record_id: row.subjectId,
    field: row.field,
    name: row.name,
    size: row.sizeBytes,
    media_type: mediaTypeOf(row.name),
    author_id: row.authorId,
    author_name: row.authorName ?? '',
    created_at: row.createdAt,
  };
}
