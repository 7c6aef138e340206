/** The value of each digit of a text. */
export function digitsOf(text: string): number[] {
  return [...text].map(Number);
}

/** Digit by digit times its weight; digits beyond the weights do not count. */
export function weighted(text: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, index) => sum + weight * Number(text[index]), 0);
}

/** ISO/IEC 7812-1 annex B: the last digit makes the sum a multiple of ten. */
export function isLuhn(text: string): boolean {
  const sum = digitsOf(text)
    .reverse()
    .map((digit, index) => (index % 2 === 0 ? digit : digit * 2))
    .reduce((total, value) => total + (value > 9 ? value - 9 : value), 0);
  return sum % 10 === 0;
}

/** ISO/IEC 7064, MOD 11,10. */
export function isMod11of10(text: string): boolean {
  const check = digitsOf(text.slice(0, -1)).reduce((product, digit) => {
    const sum = (digit + product) % 10 || 10;
    return (sum * 2) % 11;
  }, 10);
  return (check + Number(text.at(-1))) % 10 === 1;
}

/** ISO/IEC 7064, MOD 97-10, over digits and letters (A is 10). */
export function isMod97(text: string): boolean {
  const number = [...text].map((character) => Number.parseInt(character, 36)).join('');
  return BigInt(number) % 97n === 1n;
}
