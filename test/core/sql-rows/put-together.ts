import { join } from 'node:path';
import { ActivityRepository } from '../../../src/audit/activity.repository.js';
import { CommentsRepository, type CommentRow } from '../../../src/comments/comments.repository.js';
import { staffRole } from '../../../src/core/database/privileged/staff.role.js';
import type { Statement } from '../../../src/core/database/read-path/pipelined-read.js';
import { listed, merged } from '../../../src/core/features/registry.js';
import type { UnitOfWork } from '../../../src/core/database/unit-of-work.js';
import { ChecklistRepository } from '../../../src/dashboard/checklist.repository.js';
import { HAS_COMPANY } from '../../../src/members/invitations/has-company.js';
import { AgendaRepository } from '../../../src/deadlines/agenda.repository.js';
import { NotificationsRepository } from '../../../src/notifications/notifications.repository.js';
import { MembersRepository } from '../../../src/members/members.repository.js';
import { SampleDataRepository } from '../../../src/sample-data/sample-data.repository.js';
import { WebhookDeliveriesRepository } from '../../../src/webhooks/deliveries/webhook-deliveries.repository.js';
import '../../../src/features.js';
import type { DeclaredStatement } from './declared-statements.js';

const ID = '0197a1b2-0000-7000-8000-000000000000';

/** Statements that are put together while running, asked in the shapes they have. */
export const PUT_TOGETHER: Record<string, (unitOfWork: UnitOfWork) => Promise<unknown>> = {
  'src/members/members.repository.ts listed': async (unitOfWork) => {
    const members = new MembersRepository(unitOfWork);
    await members.listed({ limit: 1 });
    await members.listed({ limit: 1, role: 'admin', isActive: true, after: ID });
    await members.listed({ limit: 1, q: 'anna' });
    await members.listed({ limit: 1, q: 'anna claes', isActive: false, before: ID });
  },
  'src/webhooks/deliveries/webhook-deliveries.repository.ts listed': async (unitOfWork) => {
    const deliveries = new WebhookDeliveriesRepository(unitOfWork);
    await deliveries.listed({ endpointId: ID, state: 'failed', cursor: null, limit: 1 });
  },
  'src/dashboard/checklist.repository.ts done': async (unitOfWork) => {
    await new ChecklistRepository(unitOfWork).done(ID, [HAS_COMPANY, 'true']);
  },
  'src/sample-data/sample-data.repository.ts kept': async (unitOfWork) => {
    const samples = new SampleDataRepository(unitOfWork);
    for (const kind of merged('sampleData').keys()) await samples.kept(kind, [ID]);
  },
  'src/deadlines/agenda.repository.ts dueOn': async (unitOfWork) => {
    const agenda = new AgendaRepository(unitOfWork);
    for (const declared of listed('agenda')) await agenda.dueOn(declared, '2026-02-28', ['admin']);
  },
  'src/deadlines/agenda.repository.ts due': async (unitOfWork) => {
    const agenda = new AgendaRepository(unitOfWork);
    for (const declared of listed('agenda')) await agenda.due(declared, 'UTC', 1);
  },
  'src/audit/activity.repository.ts listed': async (unitOfWork) => {
    const activity = new ActivityRepository(unitOfWork);
    await activity.listed({ limit: 1 });
    await activity.listed({ limit: 1 }, staffRole);
    await activity.listed({ limit: 1, actorId: ID, subjectId: ID, actions: ['tenant.created'] });
    await activity.listed({ limit: 1, from: '2026-11-01', to: '2026-11-27' });
  },
  'src/audit/activity.repository.ts shared': async (unitOfWork) => {
    const activity = new ActivityRepository(unitOfWork);
    await activity.shared(1, true);
    await activity.shared(1, false);
  },
  'src/comments/comments.repository.ts listed': async (unitOfWork) => {
    const comments = new CommentsRepository(unitOfWork);
    for (const sort of ['newest', 'oldest'] as const) {
      await comments.listed({ kind: 'x', id: ID }, { sort, cursor: null, limit: 1 });
    }
  },
  'src/comments/comments.repository.ts pageOf': async (unitOfWork) => {
    const row = { subject: 'x', subjectId: ID, id: ID } as CommentRow;
    await new CommentsRepository(unitOfWork).pageOf(row, 1);
  },
  'src/notifications/notifications.repository.ts listed': async (unitOfWork) => {
    const query = { memberId: ID, onlyUnread: false, cursor: null, limit: 1 };
    for (const onlyUnread of [true, false]) {
      await new NotificationsRepository(unitOfWork).listed({ ...query, onlyUnread });
    }
  },
};

/** The list of a module that is built like src/projects: in each of its orders, deleted rows too. */
const LIST = /^src\/([\w-]+)\/\1\.repository\.ts listed$/;

async function listOf(where: string, unitOfWork: UnitOfWork): Promise<void> {
  const path = join(process.cwd(), where.split(' ')[0]!);
  const exported = Object.entries((await import(path)) as Record<string, unknown>);
  const named = (ending: string) => exported.find(([name]) => name.endsWith(ending))![1];
  const Repository = named('Repository') as new (unitOfWork: UnitOfWork) => {
    listed(query: object): Promise<unknown>;
  };
  for (const sort of named('_SORTS') as string[]) {
    for (const status of [null, 'deleted']) {
      const query = { q: null, status, sort, cursor: null, limit: 1 };
      await new Repository(unitOfWork).listed(query);
    }
  }
}

/** Of a module that is built like src/projects. */
export function isList(where: string): boolean {
  return LIST.test(where) && !(where in PUT_TOGETHER);
}

export type WithTexts = DeclaredStatement & { texts: string[] };

/** The texts of a statement: as they stand in the code, or else as they are put together. */
export async function withTexts(statement: DeclaredStatement): Promise<WithTexts> {
  const { texts, where } = statement;
  return { ...statement, texts: texts ?? (await putTogether(where)) };
}

/** The texts a repository asks a unit of work for that answers nothing. */
async function putTogether(where: string): Promise<string[]> {
  const texts: string[] = [];
  const read = ({ text }: Statement) => Promise.resolve((texts.push(text), []));
  const unitOfWork = { read, tenantId: ID } as unknown as UnitOfWork;
  if (isList(where)) await listOf(where, unitOfWork);
  else await PUT_TOGETHER[where]?.(unitOfWork);
  return texts;
}
