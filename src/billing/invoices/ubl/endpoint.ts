import type { InvoiceParty } from '../invoice-document.js';

/** An address in the Peppol network: the scheme (list EAS of CEF) and the number in it. */
export interface Endpoint {
  scheme: string;
  id: string;
}

/** Schemes of VAT numbers by country: EAS code list 16, 2026. Belgium is found by its enterprise number. */
const VAT_SCHEMES: Readonly<Record<string, string>> = {
  AT: '9914',
  BG: '9926',
  CH: '9927',
  CY: '9928',
  CZ: '9929',
  DE: '9930',
  EE: '9931',
  ES: '9920',
  FI: '0213',
  FR: '9957',
  GB: '9932',
  GR: '9933',
  HR: '9934',
  HU: '9910',
  IE: '9935',
  IT: '0211',
  LT: '9937',
  LU: '9938',
  LV: '9939',
  MT: '9943',
  NL: '9944',
  PL: '9945',
  PT: '9946',
  RO: '9947',
  SI: '9949',
  SK: '9950',
};

/** Where the party is found: by enterprise number, by VAT number, else by e-mail. */
export function endpointOf({ country, vatNumber, registration, email }: InvoiceParty): Endpoint {
  const enterprise = registration ?? vatNumber;
  if (country === 'BE' && enterprise) {
    return { scheme: ENTERPRISE_SCHEME, id: enterprise.replace(/\D/g, '') };
  }
  const scheme = VAT_SCHEMES[country];
  return scheme && vatNumber ? { scheme, id: vatNumber } : { scheme: 'EM', id: email };
}

/** The Crossroads Bank for Enterprises, in the lists EAS and ICD. */
export const ENTERPRISE_SCHEME = '0208';
