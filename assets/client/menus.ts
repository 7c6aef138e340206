/** <details data-menu>: one open at a time, arrow keys, Escape, and focus back on the button. */
export function improveMenus(): void {
  const menus = [...document.querySelectorAll<HTMLDetailsElement>('details[data-menu]')];
  for (const menu of menus) {
    menu.addEventListener('keydown', (event) => onKey(menu, event));
    menu.addEventListener('toggle', () => {
      if (menu.open) menus.filter((other) => other !== menu).forEach(close);
    });
    menu.addEventListener('focusout', (event) => {
      const next = event.relatedTarget;
      if (next instanceof Node && !menu.contains(next)) close(menu);
    });
  }
  document.addEventListener('click', (event) => {
    menus.filter((menu) => !menu.contains(event.target as Node)).forEach(close);
  });
}

function onKey(menu: HTMLDetailsElement, event: KeyboardEvent): void {
  if (event.key === 'Tab') {
    // Out of the last thing on the page the focus goes to nothing that could be asked, and in its own time.
    setTimeout(() => {
      if (!menu.contains(document.activeElement)) close(menu);
    }, 50);
    return;
  }
  const items = [...menu.querySelectorAll<HTMLElement>('a[href], button')];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const targets: Record<string, number> = {
    ArrowDown: at + 1,
    ArrowUp: at < 0 ? items.length - 1 : at - 1,
    Home: 0,
    End: items.length - 1,
  };
  if (event.key === 'Escape' && menu.open) {
    close(menu);
    menu.querySelector('summary')?.focus();
  } else if (event.key in targets && (menu.open || event.key.startsWith('Arrow'))) {
    menu.open = true;
    items[(targets[event.key]! + items.length) % items.length]?.focus();
  } else return;
  event.preventDefault();
}

function close(menu: HTMLDetailsElement): void {
  menu.open = false;
}
