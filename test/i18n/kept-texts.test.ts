import { jest } from '@jest/globals';
import { Translator } from '../../src/core/i18n/translator.js';

function textsOf(environment: string) {
  const translate = jest.fn(() => 'Hello {name}');
  const texts = new Translator({ translate } as never, { NODE_ENV: environment } as never);
  const hello = (name: string, lang = 'en') => texts.translate('hello', { lang, args: { name } });
  return { hello, translate };
}

test('a translated text is cached', () => {
  const { hello, translate } = textsOf('production');
  expect([hello('Anna'), hello('Anna')]).toEqual(['Hello Anna', 'Hello Anna']);
  expect(translate).toHaveBeenCalledTimes(1);
});

test('the cache distinguishes values and languages', () => {
  const { hello, translate } = textsOf('production');
  expect([hello('Anna'), hello('Bram'), hello('Anna', 'nl')].length).toBe(3);
  expect(hello('Bram')).toBe('Hello Bram');
  expect(translate).toHaveBeenCalledTimes(3);
});

test('long user input is not cached', () => {
  const { hello, translate } = textsOf('production');
  const long = 'x'.repeat(1_000);
  expect([hello(long), hello(long)]).toEqual([`Hello ${long}`, `Hello ${long}`]);
  expect(translate).toHaveBeenCalledTimes(2);
});

test('while texts are being written, every one is looked up', () => {
  const { hello, translate } = textsOf('development');
  hello('Anna');
  hello('Anna');
  expect(translate).toHaveBeenCalledTimes(2);
});
