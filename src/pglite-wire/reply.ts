import type { TransactionStatus } from './messages.js';

/** The backend's reply to one batch of messages. */
export interface Reply {
  bytes: Buffer;
  /** Status of the last ReadyForQuery; undefined when there was none. */
  status: TransactionStatus | undefined;
  /** NotificationResponse messages, removed from `bytes`: they are for every listening session. */
  notifications: Buffer[];
  /** Whether a LISTEN was confirmed. */
  listens: boolean;
}

const READY = 0x5a;
const NOTIFICATION = 0x41;
const COMPLETE = 0x43;
const LISTEN = Buffer.from('LISTEN\0');

export function readReply(output: Buffer): Reply {
  const reply: Reply = { bytes: output, status: undefined, notifications: [], listens: false };
  const kept: Buffer[] = [];
  let keptUpTo = 0;
  for (let at = 0; at + 5 <= output.length;) {
    const end = at + 1 + output.readUInt32BE(at + 1);
    const type = output[at];
    if (type === READY) {
      reply.status = String.fromCharCode(output[at + 5] ?? 0) as TransactionStatus;
    } else if (type === COMPLETE) {
      reply.listens ||= output.subarray(at + 5, end).equals(LISTEN);
    } else if (type === NOTIFICATION) {
      reply.notifications.push(output.subarray(at, end));
      kept.push(output.subarray(keptUpTo, at));
      keptUpTo = end;
    }
    at = end;
  }
  if (keptUpTo > 0) reply.bytes = Buffer.concat([...kept, output.subarray(keptUpTo)]);
  return reply;
}
