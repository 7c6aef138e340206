import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { StartFigures, type CountedFigures, type StartSection } from './start-figures.js';

/** What was counted, by the name of the section. */
export type CountedSections = Readonly<Record<string, CountedFigures>>;

/** All sections that features add to the start page: every provider that is a `StartFigures`. */
@Injectable()
export class StartSections implements OnModuleInit {
  private sections: readonly StartFigures[] = [];

  constructor(private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    this.sections = this.discovery
      .getProviders()
      .flatMap(({ instance }) => {
        const provider: unknown = instance;
        return provider instanceof StartFigures ? [provider as StartFigures] : [];
      })
      .sort((one, other) => one.position - other.position);
  }

  async count(): Promise<CountedSections> {
    const counted = await Promise.all(
      this.sections.map(async (section) => [section.name, await section.count()] as const),
    );
    return Object.fromEntries(
      counted.flatMap(([name, figures]) => (figures ? [[name, figures]] : [])),
    );
  }

  /** Those that were counted; a snapshot of an older version may lack some. */
  present(counted: CountedSections): StartSection[] {
    return this.sections.flatMap((section) => {
      const figures = counted[section.name];
      return figures ? [section.present(figures)] : [];
    });
  }
}
