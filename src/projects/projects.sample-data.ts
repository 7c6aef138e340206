import type { SampleStory } from '../core/features/sample-data.js';

/** `due`: days from today; negative: in the past. */
const ROWS = [
  { row: 'website', status: 'active', due: 12, comments: ['texts', 'photos'] },
  { row: 'newsletter', status: 'active', due: 2, comments: [] },
  { row: 'survey', status: 'active', due: -3, comments: ['reminder'] },
  { row: 'office', status: 'planned', due: 40, comments: ['keys'] },
  { row: 'energy', status: 'planned', due: null, comments: [] },
  { row: 'handbook', status: 'done', due: -14, comments: [] },
] as const;

/** Sample projects of whoever asks for them. */
export function tell(story: SampleStory): void {
  for (const { row, due, status, comments } of ROWS) {
    const subjectId = story.row('project', {
      name: story.t(`projects.sample_data.${row}.name`),
      description: story.t(`projects.sample_data.${row}.description`),
      status,
      dueDate: due && story.day(due),
      ownerId: story.memberId,
    });
    for (const comment of comments) {
      const text = story.t(`projects.sample_data.comments.${comment}`);
      story.row('comment', { subject: 'project', subjectId, authorId: story.memberId, text });
    }
  }
}
