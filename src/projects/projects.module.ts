import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { TenantsModule } from '../tenants/tenants.module.js';
import { ProjectAdmin } from './project.admin.js';
import { Project } from './project.entity.js';
import { ProjectsApiController } from './projects.api.controller.js';
import { ProjectsCsvController } from './projects.csv.controller.js';
import { ProjectsPageController } from './projects.page.controller.js';
import { ProjectsRepository } from './projects.repository.js';
import { ProjectsService } from './projects.service.js';
import { MembersModule } from '../members/members.module.js';

@Module({
  imports: [TypeOrmModule.forFeature([Project]), TenantsModule, MembersModule],
  controllers: [ProjectsApiController, ProjectsCsvController, ProjectsPageController],
  providers: [ProjectAdmin, ProjectsRepository, ProjectsService],
})
export class ProjectsModule {}
