/// <reference lib="dom" />
import type { Page } from 'playwright-core';

/** Parts of the page that are wider than the window, and by how much. */
export async function tooWide(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    // The frame hides what does not fit or scrolls by itself: each of its parts is asked.
    const parts = 'html, .shell, .shell-body, .shell-side, main, .topbar, .dock-bar, footer';
    // On phones the rows of such a table stand below each other: nothing is beside them.
    const cards = innerWidth < 640 ? ', :has(> .table-stack)' : '';
    return [...document.querySelectorAll(parts + cards)]
      .filter((part) => part.checkVisibility())
      .map((part) => ({ part, excess: part.scrollWidth - part.clientWidth }))
      .filter(({ excess }) => excess > 0)
      .map(({ part, excess }) => `${part.className || part.localName} is ${excess} px too wide`);
  });
}

/**
 * Controls smaller than 44 × 44 px, in open menus and dialogs too. Links within a sentence are exempt (WCAG
 * 2.2, 2.5.8); of a choice the label counts.
 */
export async function tooSmall(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const controls =
      'a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button]';
    const isInSentence = (control: Element) =>
      control.localName === 'a' &&
      getComputedStyle(control).display === 'inline' &&
      [...control.parentElement!.childNodes].some(
        (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim(),
      );
    const smallIn = (root: ParentNode) =>
      [...root.querySelectorAll(controls)]
        .filter((control) => control.checkVisibility({ visibilityProperty: true }))
        // Visible on keyboard focus only.
        .filter((control) => !control.matches('.skip-link') && !isInSentence(control))
        .map((control) => control.closest('label') ?? control)
        .flatMap((target) => {
          const { width, height } = target.getBoundingClientRect();
          const isSmall = width < 43.9 || height < 43.9;
          const name = target.textContent?.trim().replace(/\s+/g, ' ') || target.outerHTML;
          const size = `${Math.round(width)} × ${Math.round(height)}`;
          return isSmall ? [`"${name.slice(0, 60)}" is ${size}`] : [];
        });
    for (const menu of document.querySelectorAll('details')) menu.open = true;
    const found = smallIn(document);
    for (const menu of document.querySelectorAll('details')) menu.open = false;
    for (const dialog of document.querySelectorAll('dialog')) {
      const wasOpen = dialog.open;
      if (!wasOpen) dialog.showModal();
      found.push(...smallIn(dialog));
      if (!wasOpen) dialog.close();
    }
    return [...new Set(found)];
  });
}

/** Controls that cannot be distinguished in forced colours, where only lines remain. */
export async function lostInForcedColors(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const shown = (selector: string) =>
      [...document.querySelectorAll(selector)].filter((element) => element.checkVisibility());
    const name = (element: Element) =>
      `${element.localName}.${String(element.className).split(' ')[0]} "${element.textContent?.trim().replace(/\s+/g, ' ').slice(0, 30)}"`;
    const width = (style: CSSStyleDeclaration, line: string, kind: string) =>
      style.getPropertyValue(`${line}-style`) === 'none'
        ? '0'
        : style.getPropertyValue(`${line}-${kind}`);
    const lines = (element: Element) => {
      const style = getComputedStyle(element);
      return ['outline', 'border-top', 'border-bottom', 'border-left'].map((line) =>
        [width(style, line, 'width'), width(style, line, 'color')].join(' '),
      );
    };
    const hasBorder = (element: Element) =>
      ['border-top', 'border-bottom'].some(
        (line) => parseFloat(width(getComputedStyle(element), line, 'width')) > 0,
      );
    const bare = shown(
      '.btn, .input, .select, .textarea, .file-input, .checkbox, .radio, .choice, .tag, .notice, .panel, .progress, .menu-panel, .modal-box',
    ).filter((element) => !hasBorder(element));
    // A current entry, or a part of it, has another line than its neighbours, or a sign of its own.
    const look = (entry: Element) => [entry, ...entry.querySelectorAll('*')].map(lines).join();
    const unmarked = shown('[aria-current]').filter((current) =>
      shown(`.${current.classList[0]}:not([aria-current])`).some(
        (other) =>
          other.children.length === current.children.length && look(other) === look(current),
      ),
    );
    const unchosen = shown('.choice:has(:checked)').filter(
      (choice) => getComputedStyle(choice).outlineStyle === 'none',
    );
    return [
      ...unchosen.map((element) => `${name(element)} does not look chosen`),
      ...bare.map((element) => `${name(element)} has no border`),
      ...unmarked.map((element) => `${name(element)} looks like the others`),
    ];
  });
}

/** Whatever has the focus and shows no outline, going once through the page with the Tab key. */
export async function unseenFocus(page: Page, steps: number): Promise<string[]> {
  const unseen: string[] = [];
  for (let step = 0; step < steps; step++) {
    await page.keyboard.press('Tab');
    const problem = await page.evaluate(() => {
      const focused = document.activeElement;
      if (!focused || focused === document.body) return null;
      // Of a choice the label around it shows the focus.
      const shows = [focused, focused.closest('.choice')].some((element) => {
        if (!element) return false;
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1;
      });
      return shows ? null : focused.outerHTML.slice(0, 120);
    });
    if (problem) unseen.push(problem);
  }
  return unseen;
}
