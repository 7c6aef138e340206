/** Small help for every form: focus on what it came to, password reveal, previews, hints about the browser. */
export function improveForms(): void {
  focusOutcome();
  document.querySelectorAll<HTMLElement>('[data-password]').forEach(addReveal);
  document.querySelectorAll<HTMLElement>('[data-file]').forEach(addPreview);
  document.querySelectorAll<HTMLInputElement>('[data-detect]').forEach(detect);
  document.querySelectorAll<HTMLFormElement>('form[data-form]').forEach(sendOnce);
  document.querySelectorAll<HTMLButtonElement>('[data-dismiss]').forEach(addDismiss);
}

/**
 * A screen reader says nothing of a status that is there when the page comes: the focus goes to it. The
 * `autofocus` attribute does the same without script, but not on a page with a #fragment.
 */
function focusOutcome(): void {
  const outcome =
    document.querySelector<HTMLElement>('[data-form-errors]') ??
    document.querySelector<HTMLElement>('[data-announce]');
  outcome?.focus();
}

function addReveal(box: HTMLElement): void {
  const input = box.querySelector('input')!;
  const button = box.querySelector('button')!;
  const show = (visible: boolean) => {
    input.type = visible ? 'text' : 'password';
    button.setAttribute('aria-pressed', String(visible));
    button.querySelector<HTMLElement>('[data-when-hidden]')!.hidden = visible;
    button.querySelector<HTMLElement>('[data-when-shown]')!.hidden = !visible;
  };
  button.hidden = false;
  button.addEventListener('click', () => show(input.type === 'password'));
  // A password manager only offers to save what is sent as a password.
  input.form?.addEventListener('submit', () => show(false));
}

/** Drawn on a canvas, so that the content security policy need not allow blob: images. */
function addPreview(box: HTMLElement): void {
  const input = box.querySelector<HTMLInputElement>('input[type=file]')!;
  const face = box.querySelector<HTMLElement>('[data-preview]')!;
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    if (file) void draw(file, face);
  });
}

async function draw(file: File, face: HTMLElement): Promise<void> {
  const image = await createImageBitmap(file).catch(() => null);
  if (!image) return;
  const canvas = Object.assign(document.createElement('canvas'), { width: 128, height: 128 });
  const side = Math.min(image.width, image.height);
  const [x, y] = [(image.width - side) / 2, (image.height - side) / 2];
  canvas.getContext('2d')?.drawImage(image, x, y, side, side, 0, 0, 128, 128);
  canvas.setAttribute('aria-hidden', 'true');
  face.replaceChildren(canvas);
}

function detect(input: HTMLInputElement): void {
  const language = navigator.language;
  const found: Record<string, string | undefined> = {
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    language,
    country: new Intl.Locale(language).region,
  };
  input.value = found[input.dataset.detect!] ?? '';
}

/** A second click while the first is on its way sends nothing. */
function sendOnce(form: HTMLFormElement): void {
  form.addEventListener('submit', (event) => {
    if (form.dataset.sending) return event.preventDefault();
    form.dataset.sending = 'true';
    const button = event.submitter;
    button?.setAttribute('aria-busy', 'true');
    const reset = () => {
      delete form.dataset.sending;
      button?.removeAttribute('aria-busy');
    };
    // A download leaves the page where it is, and the back button brings it back as it was.
    setTimeout(reset, 4000);
    addEventListener('pageshow', reset, { once: true });
  });
}

function addDismiss(button: HTMLButtonElement): void {
  button.hidden = false;
  button.addEventListener('click', () => {
    button.closest('.notice')?.remove();
    document.getElementById('main-content')?.focus();
  });
}
