import { ApiProperty } from '@nestjs/swagger';

/** One page of a list; a list names its items. */
export class ListDto {
  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'The `cursor` of the next page; null on the last one',
    example: null,
  })
  next_cursor: string | null;
}
