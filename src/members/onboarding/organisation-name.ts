import { parse } from 'tldts';
import { isPublicMailDomain } from './public-mail-providers.js';

/**
 * Suggests an organisation name from the domain of an e-mail address: `info@my-company.co.uk` → `My Company`.
 * Empty for public mail providers.
 */
export function organisationNameFrom(email: string): string {
  const domain = email.slice(email.lastIndexOf('@') + 1);
  const { domain: registered, domainWithoutSuffix: name } = parse(domain, {
    allowPrivateDomains: false,
  });
  if (!registered || !name || isPublicMailDomain(domain)) return '';
  return name
    .split(/[-_]+/)
    .filter(Boolean)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
}
