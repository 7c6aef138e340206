/** Milliseconds between two looks. */
const EVERY = 2_000;

/**
 * A page with `[data-live]` on it is not finished: it is asked for again, and its `[data-live-part]`s
 * take on what they hold now, until that mark is gone. Parts stay the same elements, so that a status
 * is announced when its words change, and nobody who is in one with the keyboard is put out of it.
 */
export function improveLivePages(): void {
  if (document.querySelector('[data-live]')) setTimeout(() => void look(), EVERY);
}

async function look(): Promise<void> {
  const answer = await fetch(location.href, { headers: { Accept: 'text/html' } }).catch(() => null);
  // Whoever was signed out meanwhile is somewhere else now.
  if (answer?.redirected) return location.reload();
  if (answer?.ok) {
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    document.querySelectorAll<HTMLElement>('[data-live-part]').forEach((part) => renew(part, page));
    if (!page.querySelector('[data-live]')) return;
  }
  setTimeout(() => void look(), EVERY);
}

function renew(part: HTMLElement, page: Document): void {
  const fresh = page.getElementById(part.id);
  if (!fresh || fresh.innerHTML === part.innerHTML) return;
  const hadFocus = part.contains(document.activeElement);
  part.replaceChildren(...fresh.childNodes);
  if (hadFocus) part.querySelector<HTMLElement>('a, button')?.focus();
}
