import { Form } from './form.js';

/** The forms of a page that asks for a proof, one for each way; of which one may be a refused one. */
export interface ProofForms {
  codeForm: Form<object>;
  recoveryForm: Form<object>;
  passkeyForm: Form<object>;
  passwordForm: Form<object>;
  /** Whether the person has an authenticator app. */
  hasApp: boolean;
  hasPasskey: boolean;
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
  const hasApp = factors.includes('totp');
  const isPasskey = !isRecovering && (!hasApp || problems.some(({ field }) => field === 'passkey'));
  const blank = () => Form.blank({ next, draft });
  const refused = new Form({}, { next, draft }, problems);
  return {
    codeForm: isRecovering || isPasskey ? blank() : refused,
    recoveryForm: isRecovering ? refused : blank(),
    // Its field is hidden: what is wrong is said of the form.
    passkeyForm: isPasskey
      ? new Form(
          {},
          { next, draft },
          problems.map((each) => ({ ...each, field: null })),
        )
      : blank(),
    passwordForm: refused,
    hasApp,
    hasPasskey: factors.includes('passkey'),
    isRecovering,
  };
}
