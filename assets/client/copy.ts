/** A button that prints the page. Without script the browser's menu does. */
export function improvePrinting(): void {
  document.querySelectorAll<HTMLButtonElement>('[data-print]').forEach((button) => {
    button.hidden = false;
    button.addEventListener('click', () => window.print());
  });
}

/** A button that copies the text beside it. Without script the text is there to be selected. */
export function improveCopying(): void {
  document.querySelectorAll<HTMLElement>('[data-copy]').forEach(addCopy);
}

function addCopy(box: HTMLElement): void {
  const button = box.querySelector('button')!;
  const said = box.querySelector<HTMLElement>('[data-when-copied]')!;
  // Only where the browser lets a page do it: over HTTPS, or on this machine.
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener('click', () => {
    void navigator.clipboard.writeText(box.querySelector('code')!.textContent).then(() => {
      said.textContent = said.dataset.whenCopied!;
    });
  });
}
