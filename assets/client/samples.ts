const CHOICE = 'atrium.sample';

/**
 * Code in several languages: what is chosen in one place is open everywhere, and on the next page. Without script
 * each block opens by itself.
 */
export function improveSamples(): void {
  const samples = [...document.querySelectorAll<HTMLDetailsElement>('[data-sample]')];
  if (samples.length === 0) return;
  const open = (language: string | null | undefined) => {
    // Samples of one block have one name, so that the browser closes the others.
    for (const sample of samples) if (sample.dataset.sample === language) sample.open = true;
  };
  open(remembered());
  for (const sample of samples) {
    const tab = sample.querySelector('summary')!;
    tab.addEventListener('click', (event) => {
      event.preventDefault();
      const before = tab.getBoundingClientRect().top;
      open(sample.dataset.sample);
      remember(sample.dataset.sample!);
      // Blocks above have another height now: what was pressed stays where it is.
      const moved = tab.getBoundingClientRect().top - before;
      (tab.closest('main') ?? document.documentElement).scrollBy({
        top: moved,
        behavior: 'instant',
      });
    });
  }
}

/** A browser may refuse to keep anything. */
function remembered(): string | null {
  try {
    return localStorage.getItem(CHOICE);
  } catch {
    return null;
  }
}

function remember(language: string): void {
  try {
    localStorage.setItem(CHOICE, language);
  } catch {
    // Then it holds for this page.
  }
}
