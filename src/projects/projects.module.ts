import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Project } from './project.entity.js';
import { ProjectsApiController } from './projects.api.controller.js';
import { ProjectsPageController } from './projects.page.controller.js';
import { ProjectsRepository } from './projects.repository.js';
import { ProjectsService } from './projects.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([Project])],
  controllers: [ProjectsApiController, ProjectsPageController],
  providers: [ProjectsRepository, ProjectsService],
})
export class ProjectsModule {}
