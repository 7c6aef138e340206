import { digitsOf, isLuhn, isMod11of10, isMod97, weighted } from './check-digits.js';
import {
  isBulgarian,
  isCzech,
  isFrench,
  isIrish,
  isLithuanian,
  isSpanish,
} from './national-rules.js';

export interface VatNumberRule {
  /** What follows the prefix, without spaces and punctuation. */
  pattern: RegExp;
  /** Whether the check digits of a number of that pattern are right. */
  isRight(number: string): boolean;
}

/**
 * How a VAT number is written, by the prefix it begins with, and how its check digits are made.
 * Patterns: VIES, question 11 (https://ec.europa.eu/taxation_customs/vies/#/faq), as of 2026-11-27.
 * Check digits: the national rules as the Commission's "VAT number algorithms" collects them.
 */
export const VAT_NUMBER_RULES: Readonly<Record<string, VatNumberRule>> = {
  AT: { pattern: /^U\d{8}$/, isRight: isAustrian },
  BE: {
    pattern: /^[01]\d{9}$/,
    isRight: (it) => 97 - (Number(it.slice(0, 8)) % 97) === Number(it.slice(8)),
  },
  BG: { pattern: /^\d{9,10}$/, isRight: isBulgarian },
  CY: { pattern: /^(?!12)[0134569]\d{7}[A-Z]$/, isRight: isCypriot },
  CZ: { pattern: /^\d{8,10}$/, isRight: isCzech },
  DE: { pattern: /^[1-9]\d{8}$/, isRight: isMod11of10 },
  DK: {
    pattern: /^[1-9]\d{7}$/,
    isRight: (it) => weighted(it, [2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0,
  },
  EE: { pattern: /^\d{9}$/, isRight: (it) => weighted(it, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0 },
  EL: {
    pattern: /^\d{9}$/,
    isRight: (it) =>
      (weighted(it, [256, 128, 64, 32, 16, 8, 4, 2]) % 11) % 10 === Number(it.at(-1)),
  },
  ES: { pattern: /^(\d{8}[A-Z]|[A-Z]\d{7}[A-Z\d])$/, isRight: isSpanish },
  FI: { pattern: /^\d{8}$/, isRight: (it) => weighted(it, [7, 9, 10, 5, 8, 4, 2, 1]) % 11 === 0 },
  FR: { pattern: /^[A-HJ-NP-Z\d]{2}\d{9}$/, isRight: isFrench },
  HR: { pattern: /^\d{11}$/, isRight: isMod11of10 },
  HU: { pattern: /^\d{8}$/, isRight: (it) => weighted(it, [9, 7, 3, 1, 9, 7, 3, 1]) % 10 === 0 },
  IE: { pattern: /^(\d{7}[A-W][A-IW]?|\d[A-Z+*]\d{5}[A-W])$/, isRight: isIrish },
  IT: { pattern: /^\d{11}$/, isRight: (it) => it !== '00000000000' && isLuhn(it) },
  LT: { pattern: /^(\d{7}1\d|\d{10}1\d)$/, isRight: isLithuanian },
  LU: {
    pattern: /^\d{8}$/,
    isRight: (it) => Number(it.slice(0, 6)) % 89 === Number(it.slice(6)),
  },
  LV: { pattern: /^\d{11}$/, isRight: isLatvian },
  MT: {
    pattern: /^[1-9]\d{7}$/,
    isRight: (it) => (weighted(it, [3, 4, 6, 7, 8, 9]) + Number(it.slice(6))) % 37 === 0,
  },
  NL: {
    pattern: /^\d{9}B\d{2}$/,
    isRight: (it) => weighted(it, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0 || isMod97(`NL${it}`),
  },
  PL: {
    pattern: /^\d{10}$/,
    isRight: (it) => weighted(it, [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 === Number(it.at(-1)),
  },
  PT: {
    pattern: /^[1-9]\d{8}$/,
    isRight: (it) =>
      ((11 - (weighted(it, [9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11) % 10 === Number(it.at(-1)),
  },
  RO: {
    pattern: /^[1-9]\d{1,9}$/,
    isRight: (it) => {
      const whole = it.padStart(10, '0');
      const check = ((10 * weighted(whole, [7, 5, 3, 2, 1, 7, 5, 3, 2])) % 11) % 10;
      return check === Number(whole.at(-1));
    },
  },
  SE: { pattern: /^\d{10}(0[1-9]|[1-8]\d|9[0-4])$/, isRight: (it) => isLuhn(it.slice(0, 10)) },
  SI: { pattern: /^[1-9]\d{7}$/, isRight: isSlovenian },
  SK: { pattern: /^[1-9]\d[2346-9]\d{7}$/, isRight: (it) => Number(it) % 11 === 0 },
  XI: { pattern: /^(\d{9}|\d{12}|GD[0-4]\d{2}|HA[5-9]\d{2})$/, isRight: isBritish },
  // Not of the Union: looked at for the paper's sake, they decide nothing about VAT.
  GB: { pattern: /^(\d{9}|\d{12}|GD[0-4]\d{2}|HA[5-9]\d{2})$/, isRight: isBritish },
  CHE: {
    pattern: /^\d{9}(MWST|TVA|IVA|VAT)?$/,
    isRight: (it) => (11 - (weighted(it, [5, 4, 3, 2, 7, 6, 5, 4]) % 11)) % 11 === Number(it[8]),
  },
  NO: {
    pattern: /^[89]\d{8}(MVA)?$/,
    isRight: (it) => (11 - (weighted(it, [3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11 === Number(it[8]),
  },
};

function isAustrian(number: string): boolean {
  const digits = digitsOf(number.slice(1));
  const sum = digits
    .slice(0, 7)
    .map((digit, index) => (index % 2 === 0 ? digit : Math.floor(digit / 5) + ((digit * 2) % 10)))
    .reduce((total, value) => total + value, 0);
  return (10 - ((sum + 4) % 10)) % 10 === digits[7];
}

function isCypriot(number: string): boolean {
  const odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21];
  const sum = digitsOf(number.slice(0, 8))
    .map((digit, index) => (index % 2 === 0 ? (odd[digit] ?? 0) : digit))
    .reduce((total, value) => total + value, 0);
  return number.charCodeAt(8) - 'A'.charCodeAt(0) === sum % 26;
}

/** Legal entities begin with 4 to 9; persons have a code without a check digit the new way. */
function isLatvian(number: string): boolean {
  if (Number(number[0]) > 3) return weighted(number, [9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1]) % 11 === 3;
  if (number.startsWith('32')) return true;
  const check = ((1 + weighted(number, [10, 5, 8, 4, 2, 1, 6, 3, 7, 9])) % 11) % 10;
  return check === Number(number.at(-1));
}

function isSlovenian(number: string): boolean {
  const check = 11 - (weighted(number, [8, 7, 6, 5, 4, 3, 2]) % 11);
  return check !== 11 && check % 10 === Number(number.at(-1));
}

/** Two ways are in use: the sum itself is a multiple of 97, or is one with 55 more. */
function isBritish(number: string): boolean {
  if (!/^\d/.test(number)) return true;
  const sum = weighted(number, [8, 7, 6, 5, 4, 3, 2, 10, 1]) % 97;
  return sum === 0 || sum === 42;
}
