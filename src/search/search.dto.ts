import { ApiProperty } from '@nestjs/swagger';
import type { FoundRow } from '../core/features/search.js';
import type { FoundKind } from './search.service.js';

export class FoundRowDto {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ example: 'Ann Peeters' }) title: string;
  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Tells rows of the same title apart',
    example: 'ann@example.com',
  })
  detail: string | null;
  @ApiProperty({ format: 'uri', description: 'The page a person opens' }) url: string;
}

export class FoundKindDto {
  @ApiProperty({ description: 'Name of the kind', example: 'members' }) kind: string;
  @ApiProperty({ type: [FoundRowDto], maxItems: 5 }) items: FoundRowDto[];
  @ApiProperty({ description: 'Whether the list of the kind finds more' }) has_more: boolean;
}

/** What was found. Kinds without a row are left out. */
export class FoundDto {
  @ApiProperty({ type: [FoundKindDto] }) kinds: FoundKindDto[];
}

/** @param appUrl the address that paths of pages follow */
export function foundDto(found: readonly FoundKind[], appUrl: string): FoundDto {
  return {
    kinds: found.map(({ name, rows, hasMore }) => ({
      kind: name,
      items: rows.map((row) => foundRowDto(row, appUrl)),
      has_more: hasMore,
    })),
  };
}

function foundRowDto({ id, title, detail, href }: FoundRow, appUrl: string): FoundRowDto {
  return { id, title, detail: detail ?? null, url: new URL(href, appUrl).href };
}
