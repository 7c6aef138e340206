import { Controller, Get, HttpCode, Module, Post } from '@nestjs/common';
import { RequiresFlag } from '../../src/core/flags/flag.guard.js';
import { defineFeature } from '../../src/core/features/feature.js';
import type { FlagName } from '../../src/core/features/names.js';
import { installFeatures, installedFeatures } from '../../src/core/features/registry.js';
import { May } from '../../src/core/http/access/access.js';
import '../../src/features.js';

/** A flag that no feature of the product has, so that tests of the platform need none of them. */
export const SAMPLER = 'sampler' as FlagName;

@Controller('sampler')
@May('tenant:read')
@RequiresFlag(SAMPLER)
class SamplerPageController {
  @Get()
  list(): string {
    return 'ok';
  }

  @Post('new')
  @May('tenant:write')
  create(): string {
    return 'ok';
  }
}

@Controller('api/v1/sampler')
@May('tenant:read')
@RequiresFlag(SAMPLER)
class SamplerApiController {
  @Get()
  @HttpCode(200)
  list(): object {
    return { items: [] };
  }
}

@Module({ controllers: [SamplerPageController, SamplerApiController] })
export class SamplerModule {}

/** A small feature, as somebody might add one: a page, a route of the API, an entry of the navigation, a flag. */
const sampler = defineFeature({
  name: 'sampler',
  module: SamplerModule,
  flags: { sampler: { default: true, description: 'api-keys.tab' } },
  nav: [
    {
      section: 'sampler',
      href: '/sampler/',
      icon: 'folder',
      text: 'api-keys.tab',
      position: 15,
      flag: 'sampler',
      group: 'main',
    },
  ],
});

/** Before the application starts: `startApp({}, [SamplerModule])`. Take it back with what is returned. */
export function installSampler(): () => void {
  const product = installedFeatures();
  installFeatures([...product, sampler]);
  return () => installFeatures(product);
}
