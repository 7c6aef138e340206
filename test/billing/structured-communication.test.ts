import fc from 'fast-check';
import {
  readStructuredCommunication,
  structuredCommunication,
} from '../../src/billing/invoices/structured-communication.js';

test('a communication is written as Belgian banks do', () => {
  expect(structuredCommunication(909_337_554n)).toBe('+++090/9337/55493+++');
  expect(structuredCommunication(0n)).toBe('+++000/0000/00097+++');
  expect(structuredCommunication(97n)).toBe('+++000/0000/09797+++');
  expect(() => structuredCommunication(10_000_000_000n)).toThrow(RangeError);
  expect(() => structuredCommunication(-1n)).toThrow(RangeError);
});

test('every number is read back, and one mistyped digit is noticed', () => {
  const number = fc.bigInt({ min: 0n, max: 9_999_999_999n });
  const slip = fc.record({ at: fc.nat(11), by: fc.integer({ min: 1, max: 9 }) });
  fc.assert(
    fc.property(number, slip, (it, { at, by }) => {
      const text = structuredCommunication(it);
      expect(readStructuredCommunication(text)).toBe(it);
      const digits = text.replace(/\D/g, '');
      const wrong = (Number(digits[at]) + by) % 10;
      const mistyped = `${digits.slice(0, at)}${wrong}${digits.slice(at + 1)}`;
      // 00 and 97 are the same to the modulus; only one of them is ever written.
      expect(readStructuredCommunication(mistyped)).toBeNull();
    }),
  );
});

test('a communication is read with the signs of either bank, or none', () => {
  for (const text of ['***090/9337/55493***', '090933755493', ' +++ 090/9337/55493 +++ ']) {
    expect(readStructuredCommunication(text)).toBe(909_337_554n);
  }
  for (const text of ['', '+++090/9337/55494+++', '09093375549', 'x'.repeat(100_000)]) {
    expect(readStructuredCommunication(text)).toBeNull();
  }
});
