/** Lists whose rows can be chosen: all are ticked with one box, and a bar shows what can be done with them. */
export function improveTables(): void {
  document.querySelectorAll<HTMLInputElement>('table [data-tick-all]').forEach((all) => {
    all.hidden = false;
    tickAll(all, ticksOf(all.closest('table')!));
  });
  document.querySelectorAll<HTMLElement>('[data-ticks]').forEach(improveBar);
}

function ticksOf(list: HTMLElement): HTMLInputElement[] {
  return [...list.querySelectorAll<HTMLInputElement>('[data-tick]')];
}

function tickAll(
  all: HTMLInputElement,
  each: HTMLInputElement[],
  tell?: (count: number) => void,
): void {
  const show = () => {
    const ticked = each.filter(({ checked }) => checked).length;
    all.checked = ticked > 0 && ticked === each.length;
    all.indeterminate = ticked > 0 && ticked < each.length;
    tell?.(ticked);
  };
  all.addEventListener('change', () => {
    each.forEach((one) => (one.checked = all.checked));
    show();
  });
  for (const one of each) one.addEventListener('change', show);
  // The back button brings the ticks back.
  addEventListener('pageshow', show);
  show();
}

/** Without a ticked row the bar is one box only. */
function improveBar(bar: HTMLElement): void {
  const each = ticksOf(document.getElementById(`${bar.dataset.ticks}-rows`)!);
  bar.hidden = each.length === 0;
  bar.querySelector<HTMLElement>('[data-tick-all-label]')!.hidden = false;
  const count = bar.querySelector<HTMLElement>('[data-tick-count]')!;
  const acts = bar.querySelector<HTMLElement>('[data-tick-acts]')!;
  tickAll(bar.querySelector('[data-tick-all]')!, each, (ticked) => {
    count.hidden = acts.hidden = ticked === 0;
    count.querySelector('[data-tick-number]')!.textContent = String(ticked);
  });
}
