import type { VatNumber } from './vat-number/vat-number.js';

/** What VIES said about a number, and when: the proof for the tax administration. */
export interface ViesAnswer {
  /** `unknown`: the service, or the register behind it, did not answer. Asked again later. */
  result: 'valid' | 'invalid' | 'unknown';
  /** The consultation number; given where the seller's own number was sent along. */
  consultation: string | null;
  /** As the register has them; null where the country does not tell. */
  name: string | null;
  address: string | null;
  askedAt: Date;
}

export interface ViesOptions {
  /** `https://ec.europa.eu/taxation_customs/vies/rest-api` */
  url: string;
  /** The seller's own number, for the consultation number. */
  requester: VatNumber;
  /** The checkout waits for it: at most so many milliseconds. */
  timeout?: number;
}

const TIMEOUT = 4_000;
/** An answer is some 500 bytes; more than this is none of VIES. */
const MAX_ANSWER = 64 * 1024;

/**
 * Asks the register of the customer's country, through VIES. Never throws and never waits long: where it is
 * down, VAT is charged, and the number is verified later.
 */
export async function askVies(number: VatNumber, options: ViesOptions): Promise<ViesAnswer> {
  const askedAt = new Date();
  const unknown: ViesAnswer = {
    result: 'unknown',
    consultation: null,
    name: null,
    address: null,
    askedAt,
  };
  try {
    const response = await fetch(`${options.url.replace(/\/+$/, '')}/check-vat-number`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: JSON.stringify({
        countryCode: number.prefix,
        vatNumber: withoutPrefix(number),
        requesterMemberStateCode: options.requester.prefix,
        requesterNumber: withoutPrefix(options.requester),
      }),
      redirect: 'error',
      signal: AbortSignal.timeout(options.timeout ?? TIMEOUT),
    });
    const text = response.ok ? await response.text() : '';
    const answer: unknown = text && text.length <= MAX_ANSWER ? JSON.parse(text) : null;
    return isAnswer(answer) ? { ...read(answer), askedAt } : unknown;
  } catch {
    return unknown;
  }
}

/** The members of the answer that are used; where a register is down there is no `valid`. */
interface Answer {
  valid: boolean;
  requestIdentifier?: unknown;
  name?: unknown;
  address?: unknown;
}

function isAnswer(answer: unknown): answer is Answer {
  return (
    typeof answer === 'object' &&
    answer !== null &&
    'valid' in answer &&
    typeof answer.valid === 'boolean'
  );
}

function read(answer: Answer): Omit<ViesAnswer, 'askedAt'> {
  return {
    result: answer.valid ? 'valid' : 'invalid',
    consultation: told(answer.requestIdentifier, 40),
    name: told(answer.name, 200),
    address: told(answer.address, 500),
  };
}

/** `---` is how VIES says that a country does not tell. */
function told(value: unknown, length: number): string | null {
  if (typeof value !== 'string') return null;
  const text = value.trim();
  return text === '' || text === '---' ? null : text.slice(0, length);
}

function withoutPrefix({ prefix, text }: VatNumber): string {
  return text.slice(prefix.length);
}
