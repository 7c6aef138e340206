import { Injectable } from '@nestjs/common';
import { Country } from './country.entity.js';
import { AdminEntity } from '../core/back-office/admin-entity.js';

/** Loaded from data, never edited. */
@Injectable()
export class CountryAdmin extends AdminEntity<Country> {
  readonly entity = Country;
  readonly path = 'countries';
  readonly group = 'reference';
  readonly icon = 'globe';
  readonly title = 'name';
  readonly list = ['code', 'code3', 'numeric'] as const;
  override readonly search = 'name';
  readonly orders = { name: { type: 'text', fold: 'lower' }, code: { type: 'text' } } as const;
}
