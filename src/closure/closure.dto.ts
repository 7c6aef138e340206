import { ApiProperty } from '@nestjs/swagger';
import type { ClosureRow } from './closure.repository.js';

/** A closed organisation: read-only until it is erased. */
export class ClosureDto {
  @ApiProperty({ format: 'date-time' }) closed_at: string;
  /** Name or address of whoever closed it. */
  @ApiProperty({ type: 'string', nullable: true }) closed_by: string | null;
  /** When it is erased; until then it can be reopened. */
  @ApiProperty({ format: 'date-time' }) erase_at: string;
}

export function presentClosure({ closedAt, closedBy, eraseAt }: ClosureRow): ClosureDto {
  return {
    closed_at: closedAt.toISOString(),
    closed_by: closedBy,
    erase_at: eraseAt.toISOString(),
  };
}
