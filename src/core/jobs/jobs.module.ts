import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { JobQueue } from './job-queue.js';
import { Job } from './job.entity.js';
import { RecurringJobs } from './recurring-jobs.js';
import { Sweeper } from './sweeper.js';

@Global()
@Module({
  imports: [TypeOrmModule.forFeature([Job])],
  providers: [JobQueue, RecurringJobs, Sweeper],
  exports: [JobQueue, RecurringJobs, Sweeper],
})
export class JobsModule {}
