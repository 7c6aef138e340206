import { Form } from './form.js';

/** The forms of a page that asks for a proof, one for each way; of which one may be a refused one. */
export interface ProofForms {
  codeForm: Form<object>;
  recoveryForm: Form<object>;
  passwordForm: Form<object>;
  /** Whether the person has an authenticator app. */
  hasApp: boolean;
  /** Whether the form for a recovery code is the refused one. */
  isRecovering: boolean;
}

/** `factors`: the kinds the person has. What was typed is a secret, and is not shown again. */
export function proofForms(
  factors: readonly string[],
  { values, problems }: Form<object>,
): ProofForms {
  const { next = '', draft = '' } = values;
  const isRecovering = problems.some(({ field }) => field === 'recovery_code');
  const blank = () => Form.blank({ next, draft });
  const refused = new Form({}, { next, draft }, problems);
  return {
    codeForm: isRecovering ? blank() : refused,
    recoveryForm: isRecovering ? refused : blank(),
    passwordForm: refused,
    hasApp: factors.includes('totp'),
    isRecovering,
  };
}
