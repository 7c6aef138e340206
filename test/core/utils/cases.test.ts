import { camelKeys, snakeKeys } from '../../../src/core/utils/cases.js';

test('names are renamed and values are kept, in the rows of an object too', () => {
  const typed = { due_date: '2027-03-01', lines: [{ unit_price: 1250, line_2: null }] };
  const details = { dueDate: '2027-03-01', lines: [{ unitPrice: 1250, line2: null }] };
  expect(camelKeys(typed)).toEqual(details);
  expect(snakeKeys(details)).toEqual({
    due_date: '2027-03-01',
    lines: [{ unit_price: 1250, line2: null }],
  });
});

test('rows of a class, and those without one, are renamed like plain ones', () => {
  class LineForm {
    unit_price = 1250;
  }
  const bare = Object.assign(Object.create(null) as object, { unit_price: 1250 });
  expect(camelKeys({ lines: [new LineForm(), bare] })).toEqual({
    lines: [{ unitPrice: 1250 }, { unitPrice: 1250 }],
  });
});

test('arrays, bytes, moments and maps within an array are values, and so is an object that is no row', () => {
  const values = {
    changes: [[1, 2], ['a'], [{ dueDate: 1 }]],
    bytes: [Buffer.from('ab')],
    moments: [new Date(0)],
    maps: [new Map([['dueDate', 1]])],
    mixed: [null, undefined, 'dueDate', 1],
    inner: { dueDate: 1 },
  };
  const renamed = snakeKeys(values);
  expect(renamed).toEqual(values);
  for (const name of ['changes', 'bytes', 'moments', 'maps'] as const) {
    expect(renamed[name][0]).toBe(values[name][0]);
  }
});
