/** Rules of display names of people and organisations. */

const LINE_BREAK = /[\n\v\f\r\u0085\u2028\u2029]/;

/** Scripts in which a joiner or non-joiner changes how letters are drawn (RFC 5892 appendices A.1 and A.2). */
const JOINING = ['Arab', 'Syrc', 'Mong', 'Nkoo', 'Deva', 'Beng', 'Guru', 'Gujr', 'Orya', 'Taml']
  .concat(['Telu', 'Knda', 'Mlym', 'Sinh', 'Khmr', 'Mymr', 'Tibt'])
  .map((script) => `\\p{scx=${script}}`)
  .join('');

/** Contexts in which an invisible character is meaningful. */
const MEANT = [
  `(?<=[${JOINING}])[\\u200C\\u200D](?=[${JOINING}])`,
  // Emoji sequences: joiners (👩‍🚀), variation selectors (❤️) and tags (flag of Wales).
  '(?<=\\p{Extended_Pictographic}[\\p{Emoji_Modifier}\\uFE0F]*)\\u200D(?=\\p{Extended_Pictographic})',
  '(?<=\\p{Emoji})[\\uFE0E\\uFE0F]',
  '(?<=\\u{1F3F4}[\\u{E0020}-\\u{E007E}]*)[\\u{E0020}-\\u{E007F}]',
  // Variants of ideographs and of Mongolian letters.
  '(?<=\\p{Script=Han})[\\u{E0100}-\\u{E01EF}]',
  '(?<=\\p{Script=Mongolian})[\\u180B-\\u180D\\u180F]',
].join('|');

/** Zero-width characters, bidirectional controls and the like (UTR #36 §2.10; RFC 8264 §9.13). */
const INVISIBLE = new RegExp(`(${MEANT})|[\\p{Default_Ignorable_Code_Point}\\uFFF9-\\uFFFB]`, 'gu');

// oxlint-disable-next-line no-control-regex
const CONTROL_OR_SPACE = /[\u0000-\u0009\u000E-\u001F\u007F-\u0084\u0086-\u009F\p{Zs}]+/gu;

/**
 * Normal form C, without invisible characters, single spaces (RFC 8266 §2). Invisible characters are removed,
 * not refused: they come with pasted text and users cannot find them. Line breaks stay for `isOneLine` to
 * refuse.
 */
export function cleanName(text: string): string {
  const visible = text.toWellFormed().normalize('NFC').replace(INVISIBLE, '$1');
  return visible.replace(CONTROL_OR_SPACE, ' ').trim();
}

export function isOneLine(name: string): boolean {
  return !LINE_BREAK.test(name);
}

/** Whether a name contains a web or e-mail address, also in compatibility letters (`ｗｗｗ．`). */
export function holdsAddress(name: string): boolean {
  return /:\/\/|(^|[^\p{L}\p{N}])www\.|[^\s@]@[^\s@]/iu.test(name.normalize('NFKC'));
}
