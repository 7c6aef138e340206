import { digitsOf, isLuhn, weighted } from './check-digits.js';

/** Nine digits: a legal entity. Ten: a person, a foreigner, or another taxable person. */
export function isBulgarian(number: string): boolean {
  const last = Number(number.at(-1));
  if (number.length === 9) {
    const first = weighted(number, [1, 2, 3, 4, 5, 6, 7, 8]) % 11;
    const check = first === 10 ? (weighted(number, [3, 4, 5, 6, 7, 8, 9, 10]) % 11) % 10 : first;
    return check === last;
  }
  const person = (weighted(number, [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11) % 10;
  const foreigner = weighted(number, [21, 19, 17, 13, 11, 9, 7, 3, 1]) % 10;
  const other = 11 - (weighted(number, [4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11);
  return [person, foreigner, other % 11].includes(last);
}

/** Eight digits: a legal entity. Nine beginning with 6: a special case. Else the number of a person. */
export function isCzech(number: string): boolean {
  const weights = [8, 7, 6, 5, 4, 3, 2];
  if (number.length === 8) {
    if (number.startsWith('9')) return false;
    const check = (11 - (weighted(number, weights) % 11)) % 11;
    return (check || 1) % 10 === Number(number.at(-1));
  }
  if (number.length === 9 && number.startsWith('6')) {
    const rest = weighted(number.slice(1), weights) % 11;
    return (18 - ((21 - rest) % 11)) % 10 === Number(number.at(-1));
  }
  // Persons born before 1954 have nine digits without a check digit.
  if (number.length === 9) return Number(number.slice(0, 2)) <= 53;
  const check = Number(number.slice(0, 9)) % 11;
  return check === Number(number.at(-1)) || (check === 10 && number.endsWith('0'));
}

const SPANISH_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';

/** Persons (DNI, NIE, and K, L, M), and entities (CIF). */
export function isSpanish(number: string): boolean {
  const last = number.at(-1);
  if (/^\d/.test(number)) return last === SPANISH_LETTERS[Number(number.slice(0, 8)) % 23];
  const first = number.charAt(0);
  if ('XYZ'.includes(first)) {
    return last === SPANISH_LETTERS[Number(`${'XYZ'.indexOf(first)}${number.slice(1, 8)}`) % 23];
  }
  if ('KLM'.includes(first)) return last === SPANISH_LETTERS[Number(number.slice(1, 8)) % 23];
  if (!'ABCDEFGHJNPQRSUVW'.includes(first)) return false;
  const check = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].find((it) => isLuhn(`${number.slice(1, 8)}${it}`));
  if (check === undefined) return false;
  const letter = 'JABCDEFGHI'[check];
  if ('ABEH'.includes(first)) return last === String(check);
  if ('NPQRSW'.includes(first)) return last === letter;
  return last === String(check) || last === letter;
}

/** The key may hold letters but I and O; what follows is a SIREN, those of Monaco begin with 000. */
export function isFrench(number: string): boolean {
  const siren = number.slice(2);
  if (!siren.startsWith('000') && !isLuhn(siren)) return false;
  if (/^\d\d/.test(number)) return Number(number.slice(0, 2)) === Number(`${siren}12`) % 97;
  const alphabet = '0123456789ABCDEFGHJKLMNPQRSTUVWXYZ';
  const [first, second] = [...number].map((character) => alphabet.indexOf(character));
  if (first === undefined || second === undefined) return false;
  const key = first < 10 ? first * 24 + second - 10 : first * 34 + second - 100;
  return (Number(siren) + 1 + Math.floor(key / 11)) % 11 === key % 11;
}

const IRISH_LETTERS = 'WABCDEFGHIJKLMNOPQRSTUV';

/** Seven digits and a check letter, since 2013 with one letter more; before, a letter in the second place. */
export function isIrish(number: string): boolean {
  const isOld = !/^\d{7}/.test(number);
  const digits = isOld ? `0${number.slice(2, 7)}${number.charAt(0)}` : number.slice(0, 7);
  const extra = isOld ? '' : number.slice(8);
  const sum =
    weighted(digits, [8, 7, 6, 5, 4, 3, 2]) + 9 * (extra ? IRISH_LETTERS.indexOf(extra) : 0);
  return number.charAt(7) === IRISH_LETTERS[sum % 23];
}

/** Legal entities have nine digits, others twelve. */
export function isLithuanian(number: string): boolean {
  const digits = digitsOf(number.slice(0, -1));
  const sum = (shift: number) =>
    digits.reduce((total, digit, index) => total + digit * (1 + ((index + shift) % 9)), 0) % 11;
  const check = sum(0) === 10 ? sum(2) % 10 : sum(0);
  return check === Number(number.at(-1));
}
