import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { JobQueue } from './job-queue.js';
import { Job } from './job.entity.js';

@Global()
@Module({ imports: [TypeOrmModule.forFeature([Job])], providers: [JobQueue], exports: [JobQueue] })
export class JobsModule {}
