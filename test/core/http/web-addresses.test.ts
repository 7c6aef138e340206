import { InvalidInput } from '../../../src/core/http/forms/invalid-input.js';
import { UrlField } from '../../../src/core/http/forms/value-fields.js';
import { jsonBody } from '../../../src/core/http/pipeline/json-body.js';

class WebsiteForm {
  @UrlField() website: string;
}

const pipe = new (jsonBody(WebsiteForm))();
const given = (website: string) => pipe.transform({ website }, { type: 'body' });

test.each([
  'https://example.com/',
  'http://example.com/a?b=c#d',
  `https://example.com/${'a'.repeat(1_900)}`,
])('an address of the web is taken as it is: %.40s', (website) => {
  expect(given(website)).toEqual({ website });
});

test.each([
  'example.com',
  'ftp://example.com/',
  'javascript:alert(1)',
  'https://exa mple.com/',
  'https://',
  `https://example.com/${'a'.repeat(2_000)}`,
  // Percent-encoded it has three times as many characters.
  `https://example.com/?${'"'.repeat(700)}`,
])('what cannot be opened as a page or is too long is refused: %.40s', (website) => {
  expect(() => given(website)).toThrow(InvalidInput);
});
