import { Controller, Get } from '@nestjs/common';
import { Access } from '../core/http/access.js';
import { page, type Page } from '../core/http/answers.js';

@Controller()
@Access('public')
export class HomePageController {
  @Get()
  show(): Page {
    return page('pages/home', {}, { section: 'home' });
  }
}
