/** Shows the strength of a new password as it is typed. The server decides what is taken. */
export function improveNewPasswords(): void {
  document.querySelectorAll<HTMLElement>('[data-strength]').forEach(watch);
}

type Level = 'short' | 'weak' | 'fair' | 'strong';

const POSITION: Record<Level, number> = { short: 0, weak: 1, fair: 2.5, strong: 4 };

function watch(box: HTMLElement): void {
  const input = document.getElementById(box.dataset.strength!) as HTMLInputElement | null;
  const meter = box.querySelector('meter')!;
  const text = box.querySelector<HTMLElement>('[role=status]')!;
  input?.addEventListener('input', () => {
    const level = levelOf(input.value, Number(box.dataset.min));
    box.hidden = input.value === '';
    meter.value = POSITION[level];
    // A screen reader says it once for each level, not for each key.
    const words = input.value === '' ? '' : box.dataset[level]!;
    if (text.textContent !== words) text.textContent = words;
  });
}

/** By length and the number of different characters: an upper bound in bits of what a guesser has to try. */
function levelOf(password: string, min: number): Level {
  const characters = [...password];
  if (characters.length < min) return 'short';
  const bits = characters.length * Math.log2(new Set(characters).size);
  return bits < 40 ? 'weak' : bits < 60 ? 'fair' : 'strong';
}
