import { Injectable } from '@nestjs/common';
import { Timezone } from './timezone.entity.js';
import { AdminEntity } from '../core/back-office/admin-entity.js';

/** Loaded from data, never edited. */
@Injectable()
export class TimezoneAdmin extends AdminEntity<Timezone> {
  readonly entity = Timezone;
  readonly path = 'timezones';
  readonly group = 'reference';
  readonly icon = 'clock';
  readonly title = 'name';
  readonly list = ['label', 'offsetSeconds', 'aliasOf'] as const;
  override readonly search = 'name';
  readonly orders = { name: { type: 'text', fold: 'lower' } } as const;
}
