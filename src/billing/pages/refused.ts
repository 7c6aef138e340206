import { DomainError } from '../../core/errors/domain-error.js';
import type { Form } from '../../core/http/forms/form.js';
import { seeOther, type Answer } from '../../core/http/pipeline/answers.js';

/**
 * Runs what a button asks for, which has no fields to show again: a refusal is told on the page at `path`.
 * Input that no button of ours sends is refused alike.
 */
export async function refusedWith<T extends object>(
  path: string,
  form: Form<T> | null,
  act: (input: T) => Promise<Answer>,
): Promise<Answer> {
  const [problem] = form?.problems ?? [];
  if (problem) return seeOther(path, { kind: 'error', key: problem.key });
  try {
    return await act(form?.input ?? ({} as T));
  } catch (error) {
    if (!(error instanceof DomainError) || !TOLD.has(error.kind)) throw error;
    return seeOther(path, { kind: 'error', key: error.key, ...argsOf(error) });
  }
}

const TOLD = new Set(['invalid', 'conflict']);

function argsOf({ details }: DomainError) {
  return details.args ? { args: details.args as Record<string, string | number> } : {};
}
