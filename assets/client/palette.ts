/** Pause in typing after which it is searched, in milliseconds. */
const PAUSE = 120;

/**
 * The search of every page as a palette (WAI-ARIA combobox with a list of groups): Ctrl K, ⌘ K on a Mac, or its
 * link. The options are links, and Enter without one sends the form to the search page.
 */
export function improvePalette(): void {
  const opener = document.querySelector<HTMLAnchorElement>('[data-palette-open]');
  const dialog = document.querySelector<HTMLDialogElement>('#palette');
  if (!opener || !dialog) return;
  const isMac = /Mac|iP(hone|ad|od)/.test(navigator.platform);
  const open = paletteOf(dialog);
  showShortcut(opener, isMac);
  opener.addEventListener('click', (event) => {
    // Another key opens the page in a tab of its own, as of any link.
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open();
  });
  document.addEventListener('keydown', (event) => {
    const isOnly = (isMac ? event.metaKey : event.ctrlKey) && !event.shiftKey && !event.altKey;
    if (!isOnly || event.key.toLowerCase() !== 'k') return;
    event.preventDefault();
    if (dialog.open) dialog.close();
    else open();
  });
}

function showShortcut(opener: HTMLAnchorElement, isMac: boolean): void {
  const key = opener.querySelector('kbd')!;
  if (isMac) key.textContent = '⌘ K';
  key.hidden = false;
  opener.setAttribute('aria-keyshortcuts', isMac ? 'Meta+K' : 'Control+K');
  opener.setAttribute('aria-haspopup', 'dialog');
  opener.setAttribute('role', 'button');
  opener.addEventListener('keydown', (event) => {
    if (event.key !== ' ') return;
    event.preventDefault();
    opener.click();
  });
}

/** Wires the dialog; the result opens it. */
function paletteOf(dialog: HTMLDialogElement): () => void {
  const input = dialog.querySelector('input')!;
  const results = dialog.querySelector<HTMLElement>('.palette-results')!;
  const status = dialog.querySelector<HTMLElement>('[data-palette-said]')!;
  let options: HTMLElement[] = [];
  let active = -1;
  let timer = 0;
  let asked = new AbortController();

  const activate = (index: number) => {
    options[active]?.setAttribute('aria-selected', 'false');
    active = index;
    const option = options[active];
    input.setAttribute('aria-expanded', String(options.length > 0));
    if (!option) return input.removeAttribute('aria-activedescendant');
    option.setAttribute('aria-selected', 'true');
    input.setAttribute('aria-activedescendant', option.id);
    // The first one with the heading above it.
    (index === 0 ? option.parentElement! : option).scrollIntoView({ block: 'nearest' });
  };
  const show = (html: string) => {
    // Of this server, which escapes what it was told; the policy allows no script in it.
    results.innerHTML = html;
    options = [...results.querySelectorAll<HTMLElement>('[role=option]')];
    active = -1;
    activate(0);
    status.textContent = results.querySelector('[data-announce]')?.textContent ?? '';
  };
  const search = async () => {
    // An answer to what was typed before is of no use any more.
    asked.abort();
    const { signal } = (asked = new AbortController());
    const q = new URLSearchParams({ q: input.value.trim() });
    try {
      const answer = await fetch(`/search/results/?${q}`, { signal });
      // The session has ended: the page asks to log in, and comes back.
      if (answer.redirected) return location.assign(`/search/?${q}`);
      if (!answer.ok && answer.status !== 422) throw new Error(String(answer.status));
      const html = await answer.text();
      if (!signal.aborted) show(html);
    } catch {
      if (signal.aborted) return;
      const failed = document.createElement('p');
      failed.dataset.announce = '';
      failed.textContent = dialog.dataset.failed!;
      show(failed.outerHTML);
    }
  };

  input.addEventListener('input', () => {
    // Until the answer is there, Enter opens nothing of the one before.
    activate(-1);
    asked.abort();
    clearTimeout(timer);
    timer = setTimeout(() => void search(), PAUSE);
  });
  const keys: Record<string, () => void> = {
    ArrowDown: () => activate((active + 1) % options.length),
    ArrowUp: () => activate((Math.max(active, 0) - 1 + options.length) % options.length),
    Enter: () => options[active]?.click(),
  };
  input.addEventListener('keydown', (event) => {
    const isBusy =
      event.isComposing || options.length === 0 || (event.key === 'Enter' && active < 0);
    if (isBusy || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]!();
  });
  // The focus stays in the text field.
  results.addEventListener('mousedown', (event) => event.preventDefault());
  results.addEventListener('mousemove', ({ target }) => {
    const index = options.indexOf((target as Element).closest<HTMLElement>('[role=option]')!);
    if (index >= 0 && index !== active) activate(index);
  });
  results.addEventListener('click', () => dialog.close());
  dialog.querySelector('[data-palette-close]')!.addEventListener('click', () => dialog.close());

  return () => {
    input.value = '';
    show('');
    dialog.showModal();
    input.focus();
    void search();
  };
}
