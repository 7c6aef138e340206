interface Choice {
  value: string;
  label: string;
  words: string;
}

let lists = 0;

/**
 * <select data-combobox> becomes a text field with a filtered list (WAI-ARIA combobox pattern, list
 * autocomplete). The select stays in the form, hidden, and carries the value.
 */
export function improveComboboxes(): void {
  document.querySelectorAll<HTMLSelectElement>('select[data-combobox]').forEach(improve);
}

function improve(select: HTMLSelectElement): void {
  const all = [...select.options].map(choiceOf);
  const blank = all.find((choice) => choice.value === '');
  const listId = `combobox-${++lists}`;
  const { input, list, box } = build(select, listId, blank?.label ?? '');
  let shown: Choice[] = [];
  let active = -1;

  const open = (choices: Choice[]) => {
    shown = choices;
    active = -1;
    list.replaceChildren(...(shown.length ? shown.map(optionOf) : [emptyOption()]));
    list.hidden = false;
    input.setAttribute('aria-expanded', 'true');
    input.removeAttribute('aria-activedescendant');
    const chosen = shown.findIndex((choice) => choice.value === select.value);
    if (chosen >= 0) activate(chosen);
  };
  const close = () => {
    list.hidden = true;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  };
  const activate = (index: number) => {
    list.children[active]?.removeAttribute('data-active');
    active = index;
    const option = list.children[active] as HTMLElement | undefined;
    if (!option) return;
    option.dataset.active = '';
    input.setAttribute('aria-activedescendant', option.id);
    option.scrollIntoView({ block: 'nearest' });
  };
  const choose = (choice: Choice | undefined) => {
    if (choice && choice.value !== select.value) {
      select.value = choice.value;
      select.dispatchEvent(new Event('change', { bubbles: true }));
    }
    showChosen();
    close();
  };
  const showChosen = () => {
    input.value = select.value === '' ? '' : (select.selectedOptions[0]?.label ?? '');
  };
  const move = (step: number) => {
    if (list.hidden) return open(all);
    if (shown.length) activate((active + step + shown.length) % shown.length);
  };
  const optionOf = (choice: Choice, index: number) => {
    const option = document.createElement('li');
    option.id = `${listId}-${index}`;
    option.role = 'option';
    option.textContent = choice.label;
    option.ariaSelected = String(choice.value === select.value);
    return option;
  };
  const emptyOption = () => {
    const option = document.createElement('li');
    option.role = 'option';
    option.ariaDisabled = 'true';
    option.dataset.empty = '';
    option.textContent = select.dataset.none ?? '';
    return option;
  };

  const keys: Record<string, () => void> = {
    ArrowDown: () => move(1),
    ArrowUp: () => move(active < 0 ? 0 : -1),
    Enter: () => choose(shown[active]),
    Escape: () => choose(undefined),
  };
  input.addEventListener('keydown', (event) => {
    const closedKey = list.hidden && !event.key.startsWith('Arrow');
    if (event.key === 'Tab') return leave();
    if (closedKey || !keys[event.key]) return;
    event.preventDefault();
    // Escape closes the list only, not the dialog around it.
    event.stopPropagation();
    keys[event.key]!();
  });
  input.addEventListener('input', () => {
    const found = search(all, input.value);
    open(found);
    if (found.length && input.value.trim()) activate(0);
  });
  input.addEventListener('click', () => (list.hidden ? (input.select(), open(all)) : close()));
  list.addEventListener('pointerdown', (event) => event.preventDefault());
  list.addEventListener('click', (event) => {
    const at = [...list.children].indexOf(event.target as Element);
    if (shown[at]) choose(shown[at]);
  });
  const leave = () => {
    if (input.value.trim() === '') return choose(blank);
    choose(list.hidden ? undefined : shown[active]);
  };
  input.addEventListener('blur', () => {
    if (!list.hidden || input.value.trim() === '') leave();
    else showChosen();
  });
  select.form?.addEventListener('reset', () => setTimeout(showChosen));

  box.append(select);
  showChosen();
}

function build(select: HTMLSelectElement, listId: string, placeholder: string) {
  const box = document.createElement('div');
  box.className = 'combobox';
  const input = document.createElement('input');
  input.className = 'select';
  input.id = select.id;
  input.type = 'text';
  input.role = 'combobox';
  input.placeholder = placeholder;
  input.autocomplete = 'off';
  input.spellcheck = false;
  for (const name of ['aria-describedby', 'aria-invalid', 'required']) {
    if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name)!);
  }
  input.setAttribute('aria-autocomplete', 'list');
  input.setAttribute('aria-expanded', 'false');
  input.setAttribute('aria-controls', listId);
  const list = document.createElement('ul');
  list.className = 'combobox-list';
  list.id = listId;
  list.role = 'listbox';
  list.ariaLabel = select.dataset.list ?? '';
  list.hidden = true;
  select.before(box);
  select.removeAttribute('id');
  select.hidden = true;
  box.append(input, list);
  return { input, list, box };
}

function choiceOf(option: HTMLOptionElement): Choice {
  const words = plain(`${option.label} ${option.dataset.search ?? ''} ${option.value}`);
  return { value: option.value, label: option.label, words };
}

/** Every word typed must occur; options that begin with it come first. */
function search(all: Choice[], typed: string): Choice[] {
  const wanted = plain(typed).split(' ').filter(Boolean);
  const first = wanted[0];
  if (!first) return all;
  const named = all.filter((choice) => choice.value !== '');
  const found = named.filter((choice) => wanted.every((word) => choice.words.includes(word)));
  const begins = (choice: Choice) => (choice.words.startsWith(first) ? 0 : 1);
  return found.sort((a, b) => begins(a) - begins(b));
}

/** Lower case, without accents; "_" and "/" of time-zone names are spaces. */
function plain(text: string): string {
  const letters = text.normalize('NFD').replaceAll(/\p{M}/gu, '');
  return letters
    .toLowerCase()
    .replaceAll(/[_/,()-]+/g, ' ')
    .trim();
}
