import { Injectable } from '@nestjs/common';
import { StartFigures, type StartSection } from '../../core/back-office/start/start-figures.js';
import { currentContext } from '../../core/context/request-context.js';
import { formatNumber } from '../../core/views/intl.js';
import {
  SecondFactorFiguresRepository,
  type FactorFigures,
} from './second-factor-figures.repository.js';

const USERS = '/admin/users/';

/** Second factors on the start page of the back office. */
@Injectable()
export class SecondFactorFigures extends StartFigures<FactorFigures> {
  readonly name = 'second-factor';
  readonly position = 20;

  constructor(private readonly figures: SecondFactorFiguresRepository) {
    super();
  }

  count(): Promise<FactorFigures> {
    return this.figures.count();
  }

  present({ people, staffWithout }: FactorFigures): StartSection {
    const { locale } = currentContext();
    return {
      title: 'second-factor.figures.title',
      tiles: [
        {
          label: 'second-factor.figures.people',
          values: [formatNumber(people, locale)],
          href: `${USERS}?second_factors=with_factor`,
        },
        {
          label: 'second-factor.figures.staff_without',
          values: [formatNumber(staffWithout, locale)],
          href: `${USERS}?staff=staff`,
          isAlarming: staffWithout > 0,
        },
      ],
      charts: [],
    };
  }
}
