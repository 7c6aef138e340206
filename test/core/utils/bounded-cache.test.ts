import { BoundedCache } from '../../../src/core/utils/bounded-cache.js';

test('a full cache removes its oldest entry', () => {
  const map = new BoundedCache<string, number>(2);
  expect(map.set('a', 1)).toBe(1);
  map.set('b', 2);
  map.set('c', 3);
  expect(['a', 'b', 'c'].map((key) => map.get(key))).toEqual([undefined, 2, 3]);
});

test('setting a key again adds no entry', () => {
  const map = new BoundedCache<string, number>(2);
  map.set('a', 1);
  map.set('b', 2);
  map.set('b', 3);
  expect(['a', 'b'].map((key) => map.get(key))).toEqual([1, 3]);
});
