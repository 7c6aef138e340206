import { Secret, TOTP } from 'otpauth';
import { hashRecoveryCode, newRecoveryCode } from '../../src/second-factor/recovery-code.js';
import { base32, codeOf, keyUri, newSeed, stepAt, stepOf } from '../../src/second-factor/totp.js';

const RFC_SEED = Buffer.from('12345678901234567890');

test.each([
  // RFC 6238, appendix B, SHA-1.
  [59, '94287082'],
  [1111111109, '07081804'],
  [1111111111, '14050471'],
  [1234567890, '89005924'],
  [2000000000, '69279037'],
  [20000000000, '65353130'],
])('the code of second %i is that of RFC 6238', (second, code) => {
  expect(codeOf(RFC_SEED, stepAt(second * 1000), 8)).toBe(code);
});

test('codes and secrets are those of an independent implementation', () => {
  for (let round = 0; round < 200; round += 1) {
    const seed = newSeed();
    const timestamp = Math.floor(Math.random() * 4e12);
    const secret = Secret.fromBase32(base32(seed));
    expect(Buffer.from(secret.bytes)).toEqual(seed);
    expect(codeOf(seed, stepAt(timestamp))).toBe(new TOTP({ secret }).generate({ timestamp }));
  }
});

test('a code counts one step before and after its own, with spaces, and no longer', () => {
  const now = 1_800_000_000_000;
  const step = stepAt(now);
  const typed = (away: number) => codeOf(RFC_SEED, step + away);
  expect([-2, -1, 0, 1, 2].map((away) => stepOf(RFC_SEED, typed(away), now))).toEqual([
    null,
    step - 1,
    step,
    step + 1,
    null,
  ]);
  const code = typed(0);
  expect(stepOf(RFC_SEED, ` ${code.slice(0, 3)} ${code.slice(3)} `, now)).toBe(step);
  for (const none of ['', '12345', '1234567', 'abcdef', '１２３４５６']) {
    expect(stepOf(RFC_SEED, none, now)).toBeNull();
  }
});

test('an app reads account, issuer and secret from the address in the QR code', () => {
  const seed = newSeed();
  const uri = new URL(keyUri(seed, 'Atrium & Co', 'anna+1@acme.example'));
  expect(decodeURIComponent(uri.pathname)).toContain('Atrium & Co:anna+1@acme.example');
  expect(Object.fromEntries(uri.searchParams)).toEqual({
    ...{ secret: base32(seed), issuer: 'Atrium & Co' },
    ...{ algorithm: 'SHA1', digits: '6', period: '30' },
  });
});

test('recovery codes have 120 bits, are all different, and may be typed in any spelling', () => {
  const codes = new Set(Array.from({ length: 1000 }, newRecoveryCode));
  expect(codes.size).toBe(1000);
  for (const code of codes)
    expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]{4}$/);
  const code = '01AB-CDEF-GHJK-MNPQ-RSTV-WXYZ';
  expect(hashRecoveryCode(' o1ab cdef ghjk mnpq rstv wxyz ')).toEqual(hashRecoveryCode(code));
  expect(hashRecoveryCode('OIAB-CDEF-GHJK-MNPQ-RSTV-WXYZ')).toEqual(hashRecoveryCode(code));
  expect(hashRecoveryCode(code.slice(1))).toBeNull();
  expect(hashRecoveryCode(code.replace('A', 'U'))).toBeNull();
});
