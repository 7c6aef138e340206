import { merged } from '../features/registry.js';
import { PATIENT, type QueueOptions } from './queues.js';

/** All queues by name: mail, and those of the features. */
export function queues(): ReadonlyMap<string, QueueOptions> {
  return new Map<string, QueueOptions>([['mail', PATIENT], ...merged('queues')]);
}
