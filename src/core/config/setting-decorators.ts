import { Transform } from 'class-transformer';
import { IsUrl, ValidateBy, type ValidationOptions } from 'class-validator';

/** `true`, `1`, `false` or `0`. */
export const flag = () =>
  Transform(({ value }: { value: unknown }) =>
    value === 'true' || value === '1' ? true : value === 'false' || value === '0' ? false : value,
  );

/** Parts separated by commas. */
export const list = () =>
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'string'
      ? value
          .split(',')
          .map((part) => part.trim())
          .filter(Boolean)
      : value,
  );

/** An absolute URL of one of the protocols; its host may have no dot. */
export const url = (protocols: string[]) =>
  IsUrl({ protocols, require_tld: false, require_protocol: true });

/** Scheme, host and port as a browser states them (RFC 6454 §7), exactly: no path, no wildcard. */
export const IsOrigin = (options: ValidationOptions) =>
  ValidateBy(
    {
      name: 'isOrigin',
      validator: {
        validate: (value: unknown) =>
          typeof value === 'string' &&
          /^https?:\/\/[^*]+$/.test(value) &&
          URL.parse(value)?.origin === value,
        defaultMessage: () => 'each must be an origin such as https://app.example.com',
      },
    },
    options,
  );
