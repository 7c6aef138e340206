import { Injectable } from '@nestjs/common';
import { Language } from './language.entity.js';
import { AdminEntity } from '../core/back-office/admin-entity.js';

/** Loaded from data, never edited. */
@Injectable()
export class LanguageAdmin extends AdminEntity<Language> {
  readonly entity = Language;
  readonly path = 'languages';
  readonly group = 'reference';
  readonly icon = 'globe';
  readonly title = 'name';
  readonly list = ['code'] as const;
  override readonly search = 'name';
  readonly orders = { name: { type: 'text', fold: 'lower' }, code: { type: 'text' } } as const;
}
