/** Names of people and organisations: what others read in lists, subjects and mails. */

const LINE_BREAK = /[\n\v\f\r\u0085\u2028\u2029]/;

/** Scripts in which a joiner or non-joiner changes how letters are drawn (RFC 5892 appendices A.1 and A.2). */
const JOINING = ['Arab', 'Syrc', 'Mong', 'Nkoo', 'Deva', 'Beng', 'Guru', 'Gujr', 'Orya', 'Taml']
  .concat(['Telu', 'Knda', 'Mlym', 'Sinh', 'Khmr', 'Mymr', 'Tibt'])
  .map((script) => `\\p{scx=${script}}`)
  .join('');

/** Where a character that leaves no mark of its own belongs to the one beside it. */
const MEANT = [
  `(?<=[${JOINING}])[\\u200C\\u200D](?=[${JOINING}])`,
  // 👩‍🚀 is two pictures and a joiner; ❤️ a sign and a selector; the flag of Wales a black one and tags.
  '(?<=\\p{Extended_Pictographic}[\\p{Emoji_Modifier}\\uFE0F]*)\\u200D(?=\\p{Extended_Pictographic})',
  '(?<=\\p{Emoji})[\\uFE0E\\uFE0F]',
  '(?<=\\u{1F3F4}[\\u{E0020}-\\u{E007E}]*)[\\u{E0020}-\\u{E007F}]',
  // Variants of ideographs and of Mongolian letters.
  '(?<=\\p{Script=Han})[\\u{E0100}-\\u{E01EF}]',
  '(?<=\\p{Script=Mongolian})[\\u180B-\\u180D\\u180F]',
].join('|');

/** Zero-width characters, bidirectional controls and the like (UTR #36 §2.10; RFC 8264 §9.13). */
const INVISIBLE = new RegExp(`(${MEANT})|[\\p{Default_Ignorable_Code_Point}\\uFFF9-\\uFFFB]`, 'gu');

// eslint-disable-next-line no-control-regex
const CONTROL_OR_SPACE = /[\u0000-\u0009\u000E-\u001F\u007F-\u0084\u0086-\u009F\p{Zs}]+/gu;

/**
 * In normal form C, without characters nobody sees, with single spaces (RFC 8266 §2). Invisible ones are
 * taken out and not refused: they come along with pasted text, and nobody can find them to remove them.
 * Line breaks stay, for `isOneLine` to refuse.
 */
export function cleanName(text: string): string {
  const visible = text.toWellFormed().normalize('NFC').replace(INVISIBLE, '$1');
  return visible.replace(CONTROL_OR_SPACE, ' ').trim();
}

export function isOneLine(name: string): boolean {
  return !LINE_BREAK.test(name);
}

/** Whether a name carries a web or e-mail address, also in letters that only look different (`ｗｗｗ．`). */
export function holdsAddress(name: string): boolean {
  return /:\/\/|(^|[^\p{L}\p{N}])www\.|[^\s@]@[^\s@]/iu.test(name.normalize('NFKC'));
}
