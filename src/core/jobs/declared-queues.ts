import { merged } from '../features/registry.js';
import { PATIENT, type QueueOptions } from './queues.js';

/** Every queue, by name: that of the mails, and those features declare. */
export function queues(): ReadonlyMap<string, QueueOptions> {
  return new Map<string, QueueOptions>([['mail', PATIENT], ...merged('queues')]);
}
