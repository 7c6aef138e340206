import { OptionalTextField, TextField } from '../../../src/core/http/forms/fields.js';
import { formOf } from '../../../src/core/http/forms/form.js';
import type { InvalidInput } from '../../../src/core/http/forms/invalid-input.js';
import { LinesField, lineRows } from '../../../src/core/http/forms/lines.js';
import { jsonBody, jsonPatch } from '../../../src/core/http/pipeline/json-body.js';
import { pointerTo } from '../../../src/core/http/api/problem.js';

class Line {
  @TextField({ max: 20 }) description: string;
  @OptionalTextField({ max: 20 }) note: string | null = null;
}

class Order {
  @TextField({ max: 20 }) name: string;
  @LinesField(Line) lines: Line[] = [];
}

const [Body, Patch, Sent] = [jsonBody(Order), jsonPatch(Order), formOf(Order)];
const body = (given: unknown) => new Body().transform(given, { type: 'body' });
const sent = (given: unknown) => new Sent().transform(given, { type: 'body' });

/** What is wrong with a JSON body: pointers and keys. */
function refusals(given: unknown, Pipe = Body): string[] {
  try {
    new Pipe().transform(given, { type: 'body' });
    return [];
  } catch (error) {
    return (error as InvalidInput).problems.map(({ field, key }) => `${pointerTo(field)} ${key}`);
  }
}

const nested = (levels: number) => JSON.parse('['.repeat(levels) + ']'.repeat(levels)) as unknown;

test('lines of a body are read as bodies of their own, and what is wrong is told at its place', () => {
  const lines = [{ description: 'Slates' }, { description: ' Nails ', note: 'long' }];
  expect(body({ name: 'Roof', lines }).lines).toEqual([
    { description: 'Slates', note: null },
    { description: 'Nails', note: 'long' },
  ]);
  const wrong = [{ description: 'Slates' }, { description: '', size: 1 }, {}];
  expect(refusals({ name: 'Roof', lines: wrong }).sort()).toEqual([
    '/lines/1/description validation.required',
    '/lines/1/size validation.unknown_property',
    '/lines/2/description validation.required',
  ]);
});

test.each<[string, unknown]>([
  ['text', 'x'],
  ['an object', { 0: {} }],
  ['null', null],
  ['rows of null', [null]],
  ['rows that are lists', [[]]],
  ['nested deeply', [{ description: 'a', deep: nested(5000) }]],
  ['nested deeply in a field', [{ description: nested(5000) }]],
  ['with names of the language', [{ description: 'a', constructor: { x: 1 }, toString: 1 }]],
  ['with a prototype', [JSON.parse('{"__proto__": {"description": "a"}}')]],
  ['too many', Array.from({ length: 101 }, () => ({ description: 'a' }))],
])('lines that are %s are refused, in a patch as well', (_, lines) => {
  for (const Pipe of [Body, Patch as typeof Body]) {
    const found = refusals({ name: 'Roof', lines }, Pipe);
    expect(found.length).toBeGreaterThan(0);
    expect(found.every((each) => each.startsWith('/lines'))).toBe(true);
  }
});

test('a row with a hundred thousand properties is refused at once', () => {
  const row = Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`p${n}`, n]));
  const began = performance.now();
  expect(refusals({ name: 'Roof', lines: [row] }).length).toBeGreaterThan(0);
  // It took seconds while a library walked through the row first.
  expect(performance.now() - began).toBeLessThan(1_000);
});

test('blank rows of a form are left out, and errors stand at their inputs', () => {
  const form = sent({
    name: 'Roof',
    'lines[0].description': ' ',
    'lines[3].description': 'Slates',
    'lines[7].note': 'only',
    'lines[7].__proto__': 'x',
    'lines[99999].description': 'far',
  });
  expect(form.values).toEqual({
    name: 'Roof',
    'lines[0].description': 'Slates',
    'lines[1].note': 'only',
  });
  expect(form.problems.map(({ field }) => field)).toEqual(['lines[1].description']);
  expect(lineRows(form.values, 'lines').map(({ number }) => number)).toEqual([1, 2, 3]);
});

test.each([['add'], [['add', 'add']], ['remove:0'], ['remove:99999'], ['remove:x']])(
  'a button that says %j shows the form again, and nothing typed is lost',
  (act) => {
    const form = sent({
      name: '',
      'lines[0].description': 'a',
      'lines[1].description': 'b',
      'lines.do': act,
    });
    expect([form.isRearranged, form.problems]).toEqual([true, []]);
    const kept = Object.values(form.values).filter((value) => value !== '');
    expect(kept).toEqual(act === 'remove:0' ? ['b'] : ['a', 'b']);
  },
);

test('the hundredth row says that it is the last', () => {
  const lastOf = (index: number) => lineRows({ [`lines[${index}].note`]: 'a' }, 'lines').at(-1);
  expect([lastOf(97)!.number, lastOf(97)!.isMost]).toEqual([99, false]);
  for (const index of [98, 99]) {
    expect([lastOf(index)!.number, lastOf(index)!.isMost]).toEqual([100, true]);
  }
});

test('of too many rows of a form only the number is looked at', () => {
  const rows = Array.from({ length: 10_000 }, (_, n) => [
    `lines[${n}].description`,
    'x'.repeat(30),
  ]);
  const { problems } = sent({ name: 'Roof', ...Object.fromEntries(rows) });
  expect(problems.map(({ field, key }) => [field, key])).toEqual([
    ['lines', 'validation.too_many_lines'],
  ]);
});
