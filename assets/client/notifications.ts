/** What the server says of the bell: `BellState`. */
interface BellState {
  unread: number;
  label: string;
  said: string | null;
}

/**
 * Keeps the bell up to date by server-sent events. One page of a browser listens (a browser opens six connections to a
 * host in HTTP/1.1) and tells the others. Without script the bell is as new as its page.
 */
export function improveNotifications(): void {
  const bell = document.querySelector<HTMLElement>('[data-bell]');
  if (!bell) return;
  improveList();
  let stop = listen(bell);
  // A page that is kept for the way back holds nothing open.
  addEventListener('pagehide', () => stop());
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) stop = listen(bell);
  });
}

function listen(bell: HTMLElement): () => void {
  // People who sign in one after another in one browser have channels of their own.
  const name = `notifications ${bell.dataset.bell}`;
  const others = new BroadcastChannel(name);
  others.addEventListener('message', ({ data }) => show(bell, data as BellState));
  let source: EventSource | undefined;
  const open = () => {
    source = new EventSource('/notifications/stream');
    source.addEventListener('message', ({ data }) => {
      const state = JSON.parse(data as string) as BellState;
      show(bell, state);
      // oxlint-disable-next-line require-post-message-target-origin -- a channel reaches this origin only
      others.postMessage(state);
    });
  };
  const stopping = new AbortController();
  const until = new Promise<void>((done) =>
    stopping.signal.addEventListener('abort', () => done()),
  );
  const hold = () => {
    if (!stopping.signal.aborted) open();
    return until;
  };
  // Locks are there over HTTPS and on this machine only.
  if (!navigator.locks) open();
  else navigator.locks.request(name, { signal: stopping.signal }, hold).catch(() => undefined);
  return () => {
    stopping.abort();
    source?.close();
    others.close();
  };
}

function show(bell: HTMLElement, { unread, label, said }: BellState): void {
  const count = bell.querySelector<HTMLElement>('[data-bell-count]')!;
  count.hidden = unread === 0;
  count.textContent = unread > 99 ? '99+' : String(unread);
  bell.querySelector('[data-bell-name]')!.textContent = label;
  if (said === null) return;
  document.querySelector('[data-bell-said]')!.textContent = said;
  const arrived = document.querySelector<HTMLElement>('[data-notifications-arrived]');
  if (arrived) arrived.hidden = false;
}

/** Following a notification marks it as read, in the background. */
function improveList(): void {
  for (const item of document.querySelectorAll<HTMLElement>('[data-notification]')) {
    const form = item.querySelector('form');
    if (!form) continue;
    item.querySelector('a')!.addEventListener('click', () => {
      const body = new URLSearchParams(new FormData(form) as unknown as Record<string, string>);
      void fetch(form.action, { method: 'POST', body, keepalive: true, redirect: 'manual' }).catch(
        () => undefined,
      );
    });
  }
}
