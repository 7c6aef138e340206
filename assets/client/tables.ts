/** Lists of the back office: all rows are ticked with one box. */
export function improveTables(): void {
  document.querySelectorAll<HTMLInputElement>('[data-tick-all]').forEach(addTickAll);
}

function addTickAll(all: HTMLInputElement): void {
  const each = [...all.closest('table')!.querySelectorAll<HTMLInputElement>('[data-tick]')];
  all.hidden = false;
  all.addEventListener('change', () => each.forEach((one) => (one.checked = all.checked)));
  for (const one of each) {
    one.addEventListener('change', () => {
      const ticked = each.filter(({ checked }) => checked).length;
      all.checked = ticked === each.length;
      all.indeterminate = ticked > 0 && ticked < each.length;
    });
  }
}
