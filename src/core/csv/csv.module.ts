import { Global, Module } from '@nestjs/common';
import { CsvCells } from './csv-cells.js';
import { CsvExports } from './csv-exports.js';
import { CsvFiles } from './csv-files.js';
import { CsvImports } from './csv-imports.js';
import { CsvTitlesRepository } from './csv-titles.repository.js';
import { RowImportsRepository } from './row-imports.repository.js';
import { SealedRows } from './sealed-rows.js';

/** CSV files of lists: exports, and imports with a preview. */
@Global()
@Module({
  providers: [
    CsvCells,
    CsvExports,
    CsvFiles,
    CsvImports,
    CsvTitlesRepository,
    RowImportsRepository,
    SealedRows,
  ],
  exports: [CsvFiles],
})
export class CsvModule {}
