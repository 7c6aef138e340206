/**
 * Forms whose field `passkey` an authenticator fills in, which only a script can ask (WebAuthn Level 3):
 * `data-passkey` "get" or "create", `data-options` the address of the options. Without script the page says so.
 */
export function improvePasskeys(): void {
  if (!('PublicKeyCredential' in window) || !('parseRequestOptionsFromJSON' in PublicKeyCredential))
    return;
  document.querySelectorAll<HTMLElement>('[data-passkey]').forEach(addCeremony);
}

/** What is pending: autofill waits until it is taken or something else is asked. */
let pending: AbortController | undefined;

function addCeremony(box: HTMLElement): void {
  const form = box.querySelector('form')!;
  const field = form.querySelector<HTMLInputElement>('[name=passkey]')!;
  box.querySelector<HTMLElement>('[data-passkey-form]')!.hidden = false;
  box.querySelector<HTMLElement>('[data-passkey-none]')!.hidden = true;
  const ask = (mediation: 'conditional' | 'optional') =>
    answer(box, mediation).then((credential) => {
      if (!credential) return;
      field.value = JSON.stringify(credential);
      form.requestSubmit();
    });
  form.addEventListener(
    'submit',
    (event) => {
      if (field.value) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      void ask('optional').catch(() => fail(box));
    },
    // Before what sends a form only once.
    { capture: true },
  );
  window.addEventListener('pageshow', () => (field.value = ''));
  if (box.hasAttribute('data-autofill')) {
    void PublicKeyCredential.isConditionalMediationAvailable?.().then((isThere) => {
      // Who ignores the offer is told nothing.
      if (isThere) void ask('conditional').catch(() => undefined);
    });
  }
}

async function answer(box: HTMLElement, mediation: 'conditional' | 'optional') {
  pending?.abort();
  const { signal } = (pending = new AbortController());
  fail(box, false);
  const options: unknown = await (await fetch(box.dataset.options!)).json();
  if (box.dataset.passkey === 'create') {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
      options as PublicKeyCredentialCreationOptionsJSON,
    );
    return navigator.credentials.create({ publicKey, signal });
  }
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
    options as PublicKeyCredentialRequestOptionsJSON,
  );
  return navigator.credentials.get({ publicKey, signal, mediation });
}

/** Says below the button that nothing came of it. */
function fail(box: HTMLElement, isShown = true): void {
  const message = box.querySelector<HTMLElement>('[data-passkey-error]')!;
  message.textContent = isShown ? message.dataset.text! : '';
}
