/**
 * Links to a <dialog> (`data-dialog-open`) open it as a modal: focus goes in, stays in and comes back.
 * Without script the link's #target shows the dialog in place.
 */
export function improveDialogs(): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>('a[data-dialog-open]')) {
    const dialog = document.querySelector<HTMLDialogElement>(link.hash);
    if (!dialog) continue;
    asButton(link);
    link.setAttribute('aria-haspopup', 'dialog');
    link.addEventListener('click', (event) => {
      event.preventDefault();
      open(dialog);
    });
  }
  for (const dialog of document.querySelectorAll('dialog')) {
    for (const link of dialog.querySelectorAll<HTMLAnchorElement>('a[data-dialog-close]')) {
      asButton(link);
      link.addEventListener('click', (event) => {
        event.preventDefault();
        dialog.close();
      });
    }
    dialog.addEventListener('click', (event) => {
      if (event.target === dialog) dialog.close();
    });
    dialog.addEventListener('close', () => {
      leaveTarget(dialog);
      // Also a dialog that was open when the page came gives focus to the link that opens it.
      openerOf(dialog)?.focus();
    });
    dialog.addEventListener('keydown', (event) => keepFocus(dialog, event));
    if (dialog.hasAttribute('data-dialog-show') || location.hash === `#${dialog.id}`) open(dialog);
  }
}

function open(dialog: HTMLDialogElement): void {
  dialog.classList.remove('modal-open');
  if (!dialog.open) dialog.showModal();
  startOf(dialog)?.focus();
}

/** What is wrong, or the field that is asked for, or else the title: not the button that closes it again. */
function startOf(dialog: HTMLDialogElement): HTMLElement | null {
  const title = document.getElementById(dialog.getAttribute('aria-labelledby') ?? '');
  const field = dialog.querySelector<HTMLElement>('[autofocus]');
  return dialog.querySelector<HTMLElement>('[data-form-errors]') ?? field ?? title;
}

/** The link that opens a dialog; where it stands in a menu, which has closed, the button of that menu. */
function openerOf({ id }: HTMLDialogElement): HTMLElement | null {
  const link = document.querySelector<HTMLElement>(`a[data-dialog-open][href="#${id}"]`);
  const menu = link?.closest<HTMLElement>('details:not([open])');
  return menu?.querySelector('summary') ?? link;
}

/** A modal lets Tab leave for the browser's own controls; here it goes round. */
function keepFocus(dialog: HTMLDialogElement, event: KeyboardEvent): void {
  if (event.key !== 'Tab') return;
  const all = dialog.querySelectorAll<HTMLElement>(
    'a[href], button, input, select, textarea, summary',
  );
  const stops = [...all].filter((element) => element.checkVisibility() && element.tabIndex >= 0);
  const at = stops.indexOf(document.activeElement as HTMLElement);
  // The title is before them all.
  if (event.shiftKey ? at > 0 : at !== stops.length - 1) return;
  event.preventDefault();
  stops.at(event.shiftKey ? -1 : 0)?.focus();
}

/** A dialog opened by its #target would stay visible after closing. */
function leaveTarget(dialog: HTMLDialogElement): void {
  if (location.hash === `#${dialog.id}`) location.replace('#main-content');
}

function asButton(link: HTMLAnchorElement): void {
  link.setAttribute('role', 'button');
  link.addEventListener('keydown', (event) => {
    if (event.key !== ' ') return;
    event.preventDefault();
    link.click();
  });
}
