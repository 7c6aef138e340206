/** A reference of a Belgian credit transfer: ten digits and two that check them. */
export type StructuredCommunication = `+++${string}/${string}/${string}+++`;

const LARGEST = 9_999_999_999n;

/**
 * The Belgian structured communication of a number of at most ten digits (Febelfin, "OGM-VCS"): the check
 * digits are the number modulo 97, and 97 where nothing is left over.
 * @throws RangeError where the number is negative or too long
 */
export function structuredCommunication(number: bigint): StructuredCommunication {
  if (number < 0n || number > LARGEST) throw new RangeError('At most ten digits can be told');
  const check = number % 97n || 97n;
  const digits = `${number.toString().padStart(10, '0')}${check.toString().padStart(2, '0')}`;
  return `+++${digits.slice(0, 3)}/${digits.slice(3, 7)}/${digits.slice(7)}+++`;
}

/**
 * The number of a communication as banks and people write it, with or without its signs.
 * @returns null where it is none, or its check digits are wrong
 */
export function readStructuredCommunication(text: string): bigint | null {
  const digits = /^(?:\+{3}|\*{3})?\s*(\d{3})\s*\/?\s*(\d{4})\s*\/?\s*(\d{5})\s*(?:\+{3}|\*{3})?$/
    .exec(text.trim())
    ?.slice(1)
    .join('');
  if (!digits) return null;
  const number = BigInt(digits.slice(0, 10));
  return BigInt(digits.slice(10)) === (number % 97n || 97n) ? number : null;
}
