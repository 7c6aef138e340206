const cycle: Record<string, string> = { corporate: 'night', night: 'system', system: 'corporate' };

/** Posts the theme forms in the background: the page changes at once and is not loaded again. */
export function improveThemeButtons(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>('[data-theme-form]')) {
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void choose(form);
    });
  }
}

async function choose(form: HTMLFormElement): Promise<void> {
  const theme = (form.elements.namedItem('theme') as HTMLInputElement).value;
  const before = document.documentElement.dataset.theme ?? 'system';
  const body = new URLSearchParams(new FormData(form) as unknown as Record<string, string>);
  show(theme);
  try {
    const headers = { accept: 'application/json' };
    const answer = await fetch(form.action, { method: 'POST', headers, body });
    if (!answer.ok) throw new Error(String(answer.status));
  } catch {
    // The server did not take it: let the form itself say why.
    show(before);
    setNext(theme);
    form.submit();
  }
}

function show(theme: string): void {
  document.documentElement.dataset.theme = theme;
  setNext(cycle[theme] ?? 'corporate');
}

function setNext(theme: string): void {
  const inputs = document.querySelectorAll<HTMLInputElement>('[data-theme-form] [name="theme"]');
  for (const input of inputs) input.value = theme;
}
