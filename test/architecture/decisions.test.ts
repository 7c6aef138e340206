import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

const FOLDER = 'docs/adr';
const SECTIONS = ['Context', 'Alternatives', 'Decision', 'Consequence'];

const decisions = globSync(`${FOLDER}/[0-9]*.md`)
  .sort()
  .map((path) => ({ name: basename(path), text: readFileSync(path, 'utf8') }));

/** `docs/adr/README.md` describes the form for those who write one. */
function departuresFromForm({ name, text }: { name: string; text: string }): string[] {
  const [title = '', , header = ''] = text.split('\n');
  const status = /^Date: \d{4}-\d\d-\d\d\. Status: (accepted|superseded by|merged into)\b/.exec(
    header,
  )?.[1];
  const found = [...text.matchAll(/^\*\*(\w+)\.\*\*/gm)].map(([, word]) => word!);
  const sections = found.filter((word) => SECTIONS.includes(word));
  return [
    ...(title.startsWith(`# ${Number(name.slice(0, 4))}. `)
      ? []
      : ['the first line is not "# <number>. <title>"']),
    ...(status ? [] : ['the third line is not "Date: <yyyy-mm-dd>. Status: <status>."']),
    ...(status === 'accepted' && sections.join() !== SECTIONS.join()
      ? [`the sections are not ${SECTIONS.map((word) => `**${word}.**`).join(', ')}`]
      : []),
    ...(status === 'accepted' || /\b(by|into) \[\d+\]\(\d{4}-[\w-]+\.md\)/.test(header)
      ? []
      : ['the status does not link to the decision that took its place']),
  ].map((problem) => `${FOLDER}/${name}: ${problem}`);
}

test('every decision has a date, a status, context, alternatives, decision and consequence', () => {
  expect(decisions.flatMap(departuresFromForm)).toEqual([]);
});

test('every number is given once', () => {
  const numbers = decisions.map(({ name }) => Number(name.slice(0, 4)));
  expect(numbers).toEqual([...new Set(numbers)]);
});

test('every decision is listed in the index, and every link between decisions leads to a file', () => {
  const index = readFileSync(`${FOLDER}/README.md`, 'utf8');
  const names = decisions.map(({ name }) => name);
  expect(names.filter((name) => !index.includes(`](${name})`))).toEqual([]);

  const links = [{ name: 'README.md', text: index }, ...decisions].flatMap(({ name, text }) =>
    [...text.matchAll(/\]\((\d{4}-[\w-]+\.md)\)/g)].map(([, target]) => ({
      name,
      target: target!,
    })),
  );
  expect(links.filter(({ target }) => !names.includes(target))).toEqual([]);
});
