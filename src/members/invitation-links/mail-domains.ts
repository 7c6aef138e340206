import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsArray, ValidateBy, ValidateIf } from 'class-validator';
import { says } from '../../core/http/forms/fields.js';
import { Shape } from '../../core/http/forms/field-shape.js';
import { canonicalEmail, isEmailAddress } from '../../core/utils/email-address.js';
import { isPublicMailDomain } from '../onboarding/public-mail-providers.js';

/** Maximum number of domains of one link. */
export const MOST_DOMAINS = 20;

export function domainOf(email: string): string {
  return email.slice(email.lastIndexOf('@') + 1);
}

/**
 * Domains of mail addresses in canonical spelling: an array in JSON, in a form separated by commas, spaces or lines.
 * Absent: none. Public mail providers are refused, as anybody has an address there.
 */
export function DomainsField() {
  const every = (name: string, test: (domain: string) => boolean) => ({
    name,
    validator: {
      validate: (value: unknown) =>
        !Array.isArray(value) || value.every((each) => test(String(each))),
    },
  });
  return applyDecorators(
    Transform(({ value }) => {
      const all: unknown =
        typeof value === 'string' ? value.split(/[\s,;]+/).filter(Boolean) : value;
      return Array.isArray(all)
        ? [...new Set(all.map((each) => canonicalDomain(String(each))))]
        : all;
    }),
    Shape({ type: 'array', optional: true, example: 'acme.example' }),
    ValidateIf((_, value) => value !== undefined),
    IsArray(says('validation.text')),
    ValidateBy(
      every('domain', (domain) => isEmailAddress(`somebody@${domain}`)),
      says('members.errors.not_a_domain'),
    ),
    ValidateBy(
      every('private', (domain) => !isPublicMailDomain(domain)),
      says('members.errors.public_domain'),
    ),
    ValidateBy(
      {
        name: 'few',
        validator: {
          validate: (value: unknown) => !Array.isArray(value) || value.length <= MOST_DOMAINS,
        },
      },
      says('members.errors.too_many_domains', { max: MOST_DOMAINS }),
    ),
  );
}

/** `@Acme.example` → `acme.example`. */
function canonicalDomain(text: string): string {
  return domainOf(canonicalEmail(`somebody@${text.replace(/^@/, '')}`));
}
