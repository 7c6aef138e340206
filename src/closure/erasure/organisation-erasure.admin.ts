import { Injectable } from '@nestjs/common';
import { AdminEntity } from '../../core/back-office/admin-entity.js';
import { OrganisationErasure } from './organisation-erasure.entity.js';

/** Organisations that are gone, for staff: when, on whose word, and how much. */
@Injectable()
export class OrganisationErasureAdmin extends AdminEntity<OrganisationErasure> {
  readonly entity = OrganisationErasure;
  readonly path = 'erasures';
  readonly group = 'operations';
  readonly icon = 'trash';
  override readonly position = 6;
  readonly title = 'id';
  readonly list = ['closedAt', 'startedAt', 'finishedAt', 'rowCount', 'fileCount'] as const;
  readonly orders = { startedAt: { type: 'time', descending: true } } as const;
  override readonly filters = {
    progress: { running: 'r.finished_at IS NULL', finished: 'r.finished_at IS NOT NULL' },
  };
}
