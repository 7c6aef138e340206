import { Controller, Get } from '@nestjs/common';
import { Access } from '../core/http/access/access.js';
import { page, type Page } from '../core/http/pipeline/answers.js';

@Controller()
@Access('public')
export class HomePageController {
  @Get()
  show(): Page {
    return page('home/home', {}, { section: 'home' });
  }
}
