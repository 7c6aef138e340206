/** Rows of tabs that are wider than the screen begin at the current one, also where CSS alone does not see to it. */
export function improveTabs(): void {
  for (const tab of document.querySelectorAll<HTMLElement>('.tab-link[aria-current]')) {
    const row = tab.parentElement;
    if (!row || row.scrollWidth <= row.clientWidth) continue;
    row.scrollLeft += tab.getBoundingClientRect().right - row.getBoundingClientRect().right;
  }
}
