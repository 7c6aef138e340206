import type { InvoiceParty } from '../invoice-document.js';
import { endpointOf, ENTERPRISE_SCHEME } from './endpoint.js';
import { element, optional, type XmlElement } from './xml.js';

/**
 * BG-4 and BG-7. Where VAT does not apply, no VAT number may be told (BR-O-02): the seller is known by the
 * number of its register.
 */
export function ublParty(party: InvoiceParty, options: { withVatNumber: boolean }): XmlElement {
  const endpoint = endpointOf(party);
  return element('cac:Party', [
    element('cbc:EndpointID', endpoint.id, { schemeID: endpoint.scheme }),
    element('cac:PartyName', [element('cbc:Name', party.name)]),
    element('cac:PostalAddress', [
      optional('cbc:StreetName', party.street),
      optional('cbc:CityName', party.city),
      optional('cbc:PostalZone', party.postalCode),
      element('cac:Country', [element('cbc:IdentificationCode', party.country)]),
    ]),
    options.withVatNumber &&
      party.vatNumber !== null &&
      element('cac:PartyTaxScheme', [element('cbc:CompanyID', party.vatNumber), taxScheme()]),
    element('cac:PartyLegalEntity', [
      element('cbc:RegistrationName', party.name),
      optional('cbc:CompanyID', party.registration, registerOf(party)),
    ]),
    element('cac:Contact', [element('cbc:ElectronicMail', party.email)]),
  ]);
}

export function taxScheme(): XmlElement {
  return element('cac:TaxScheme', [element('cbc:ID', 'VAT')]);
}

/** Only registers of the list ICD may be named. */
function registerOf({ country }: InvoiceParty): Record<string, string> {
  return country === 'BE' ? { schemeID: ENTERPRISE_SCHEME } : {};
}
