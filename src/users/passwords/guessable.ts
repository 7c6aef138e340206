import commonPasswords from 'fxa-common-password-list';

/** Maximum number of digits and signs around a word: `Welcome2026!`, `#Summer#01`. */
const DECORATION = 8;

/** Suffixes with which password lists contain common words that are too short by themselves. */
const TAILS = ['', '1', '12', '123', '1234', '12345', '123456', '01', '2010', '!'];

/** Substitutes for letters; `1` has two readings. */
const SUBSTITUTES: Record<string, string> = { 0: 'o', 3: 'e', 4: 'a', 5: 's', 7: 't' };
const SIGNS: Record<string, string> = { '@': 'a', $: 's', '!': 'i', '€': 'e' };

/** Calendar and welcome words, which people choose when passwords expire. */
const EVERYDAY = new Set(
  `welcome welkom bienvenue bonjour spring summer autumn winter lente zomer herfst printemps ete automne
  hiver password wachtwoord motdepasse secret geheim changeme letmein`
    .split(/\s+/)
    .concat(['en', 'nl', 'fr'].flatMap(calendarOf)),
);

/** Whether a password is one known word, or a word of `context`, with a year, signs or usual substitutes. */
export function isDecoratedWord(password: string, context: readonly string[]): boolean {
  const own = new Set(context.map(letters).filter((word) => word.length >= 4));
  return rootsOf(password.toLowerCase()).some(
    (root) => own.has(root) || EVERYDAY.has(root) || isCommon(root),
  );
}

/** Letters and digits only, lower case, without accents. */
export function letters(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

function isCommon(root: string): boolean {
  return root.length >= 4 && TAILS.some((tail) => commonPasswords.test(root + tail));
}

/** Candidate words of a password: without surrounding digits and signs, with and without substitutes. */
function rootsOf(password: string): string[] {
  const inner = /^[^\p{L}]*(.*?)[^\p{L}]*$/su.exec(password)![1]!;
  const behind = password.replace(/[^\p{L}]+$/u, '');
  const short = [password, behind, inner].filter(
    (core) => password.length - core.length <= DECORATION,
  );
  const read = short.flatMap((core) => ['i', 'l'].map((one) => letters(withLetters(core, one))));
  return [...new Set([...short.map(letters), ...read])].filter(Boolean);
}

function withLetters(text: string, one: string): string {
  return text.replace(/[0134579@$!€]/g, (sign) =>
    sign === '1' ? one : (SUBSTITUTES[sign] ?? SIGNS[sign] ?? sign),
  );
}

function calendarOf(language: string): string[] {
  const month = new Intl.DateTimeFormat(language, { month: 'long', timeZone: 'UTC' });
  const day = new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' });
  const months = Array.from({ length: 12 }, (_, n) => month.format(Date.UTC(2026, n, 1)));
  const days = Array.from({ length: 7 }, (_, n) => day.format(Date.UTC(2026, 5, n + 1)));
  return [...months, ...days].map(letters);
}
