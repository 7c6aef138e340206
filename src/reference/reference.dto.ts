import { ApiProperty } from '@nestjs/swagger';
import { ListDto } from '../core/http/api/list.dto.js';

class CountryDto {
  @ApiProperty({ description: 'ISO 3166-1 alpha-2', example: 'BE' }) code: string;
  @ApiProperty({ description: 'ISO 3166-1 alpha-3', example: 'BEL' }) code3: string;
  @ApiProperty({ description: 'ISO 3166-1 numeric', example: '056' }) numeric: string;
  @ApiProperty({ example: 'Belgium' }) name: string;
}

class LanguageDto {
  @ApiProperty({ description: 'ISO 639-1, else 639-3', example: 'nl' }) code: string;
  @ApiProperty({ example: 'Dutch' }) name: string;
}

class TimezoneDto {
  @ApiProperty({ description: 'IANA name', example: 'Europe/Brussels' }) name: string;
  @ApiProperty({ description: 'With standard time', example: 'Europe/Brussels (UTC+01:00)' })
  label: string;
  @ApiProperty({ type: 'integer', description: 'Standard time minus UTC, in seconds' })
  offset_seconds: number;
  @ApiProperty({ type: 'string', nullable: true, description: 'Today’s name of an older spelling' })
  alias_of: string | null;
}

class CurrencyDto {
  @ApiProperty({ description: 'ISO 4217', example: 'EUR' }) code: string;
  @ApiProperty({ description: 'ISO 4217 numeric', example: '978' }) numeric: string;
  @ApiProperty({ example: 'euro' }) name: string;
  @ApiProperty({ type: 'integer', description: 'Digits after the decimal point', example: 2 })
  minor_units: number;
}

export class CountryListDto extends ListDto {
  @ApiProperty({ type: [CountryDto] }) items: CountryDto[];
}
export class LanguageListDto extends ListDto {
  @ApiProperty({ type: [LanguageDto] }) items: LanguageDto[];
}
export class TimezoneListDto extends ListDto {
  @ApiProperty({ type: [TimezoneDto] }) items: TimezoneDto[];
}
export class CurrencyListDto extends ListDto {
  @ApiProperty({ type: [CurrencyDto] }) items: CurrencyDto[];
}
