import { Injectable } from '@nestjs/common';
import { Currency } from './currency.entity.js';
import { AdminEntity } from '../core/back-office/admin-entity.js';

/** Loaded from data, never edited. */
@Injectable()
export class CurrencyAdmin extends AdminEntity<Currency> {
  readonly entity = Currency;
  readonly path = 'currencies';
  readonly group = 'reference';
  readonly icon = 'card';
  readonly title = 'name';
  readonly list = ['code', 'numeric', 'minorUnits'] as const;
  override readonly search = 'name';
  readonly orders = { name: { type: 'text', fold: 'lower' }, code: { type: 'text' } } as const;
}
