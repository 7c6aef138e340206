import { existsSync, readFileSync } from 'node:fs';
import { projectPath } from '../config/project-path.js';
import { contrast, HEX_COLOUR } from './contrast.js';

/** What a product is called and looks like, of `brand/brand.json`. */
export interface Brand {
  /** Name of the product, 1 to 60 characters. */
  name: string;
  /** The colour of buttons and links, and of what is written on it; `#rrggbb`. */
  accent: { light: string; onLight: string; dark: string; onDark: string };
  /** Who runs the product; null: not said. */
  company: Company | null;
}

export interface Company {
  name: string;
  /** Lines of the postal address. */
  address: string[];
  /** Number in the register of companies, or for VAT. */
  registration: string | null;
  email: string | null;
}

const FILE = 'brand/brand.json';
const WHITE = '#ffffff';
/** The surface of bars and cards, `--color-base-100` of the theme, for what is drawn without it. */
export const PAPER = { light: WHITE, dark: '#141b2a' } as const;
/** The darkest light surface that links stand on (`--color-base-200`), and the lightest dark one (mails). */
export const LIGHT_SURFACE = '#f6f7f8';
export const DARK_SURFACE = '#172033';
const INK = '#0d1424';
/** Of text with its surface (WCAG 2.2, 1.4.3 at level AA). */
const ENOUGH = 4.5;

/** The brand of this installation; read once. */
export const brand: Brand = brandOrEnd();

/** Every program needs it as soon as it is loaded, before it can answer an error: it ends with the sentence alone. */
function brandOrEnd(): Brand {
  try {
    return readBrand(readFileSync(projectPath(FILE), 'utf8'));
  } catch (error) {
    process.stderr.write(`\n${(error as Error).message}\n\n`);
    process.exit(1);
  }
}

/** The folder that takes the place of `views` or `i18n` file by file; null where the brand has none. */
export function brandFolder(name: 'views' | 'i18n'): string | null {
  const folder = projectPath('brand', name);
  return existsSync(folder) ? folder : null;
}

/**
 * Reads the text of `brand.json`.
 * @throws Error a sentence that names the file, the value and what is wrong with it
 */
export function readBrand(text: string): Brand {
  const { name, accent, company } = parsed(text);
  return {
    name: line(name, 'name', 60),
    accent: readAccent((accent ?? {}) as Record<string, unknown>),
    company: company ? readCompany(company as Record<string, unknown>) : null,
  };
}

function parsed(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch (error) {
    throw new Error(`${FILE} is no JSON: ${(error as Error).message}`, { cause: error });
  }
}

function readAccent({ light, dark }: Record<string, unknown>): Brand['accent'] {
  const onLight = colour(
    light,
    'accent.light',
    `the light surface ${LIGHT_SURFACE}`,
    LIGHT_SURFACE,
  );
  const onDark = colour(dark, 'accent.dark', `the dark surface ${DARK_SURFACE}`, DARK_SURFACE);
  return { light: onLight, onLight: written(onLight), dark: onDark, onDark: written(onDark) };
}

function readCompany({ name, address, registration, email }: Record<string, unknown>): Company {
  if (address !== undefined && !Array.isArray(address)) {
    throw new Error(`${FILE}: "company.address" must be a list of lines.`);
  }
  return {
    name: line(name, 'company.name', 200),
    address: (address ?? []).map((one, index) => line(one, `company.address[${index}]`, 200)),
    registration: registration ? line(registration, 'company.registration', 60) : null,
    email: email ? line(email, 'company.email', 254) : null,
  };
}

/** What is written on a colour: white or ink, whichever is clearer. One of them always reaches 4.5. */
function written(colour: string): string {
  return contrast(colour, WHITE) >= contrast(colour, INK) ? WHITE : INK;
}

function colour(value: unknown, field: string, surface: string, on: string): string {
  if (typeof value !== 'string' || !HEX_COLOUR.test(value)) {
    throw new Error(`${FILE}: "${field}" must be a colour such as "#1c5fd4".`);
  }
  const ratio = contrast(value, on);
  if (ratio < ENOUGH) {
    const said = ratio.toFixed(2);
    throw new Error(
      `${FILE}: "${field}" ${value} has a contrast of ${said} with ${surface}; text needs ${ENOUGH} (WCAG 2.2, 1.4.3).`,
    );
  }
  return value.toLowerCase();
}

function line(value: unknown, field: string, longest: number): string {
  const isLine = typeof value === 'string' && value.trim() !== '' && !/[\r\n]/.test(value);
  if (!isLine || value.length > longest) {
    throw new Error(`${FILE}: "${field}" must be one line of 1 to ${longest} characters.`);
  }
  return value.trim();
}
