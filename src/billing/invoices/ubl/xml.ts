/** An element of an XML document. What is absent (null, false, an empty list) leaves nothing. */
export interface XmlElement {
  name: string;
  attributes: Readonly<Record<string, string>>;
  content: string | readonly XmlElement[];
}

type Child = XmlElement | null | false | readonly Child[];

export function element(
  name: string,
  content: string | readonly Child[],
  attributes: Readonly<Record<string, string>> = {},
): XmlElement {
  return { name, attributes, content: typeof content === 'string' ? content : flat(content) };
}

/** An element with text, or nothing where there is no text: UBL allows no empty elements. */
export function optional(
  name: string,
  text: string | null,
  attributes?: Readonly<Record<string, string>>,
): XmlElement | null {
  return text?.trim() ? element(name, text, attributes) : null;
}

export function xmlDocument(root: XmlElement): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${write(root, '')}\n`;
}

function write({ name, attributes, content }: XmlElement, indent: string): string {
  const given = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escape(value)}"`)
    .join('');
  if (typeof content === 'string') return `${indent}<${name}${given}>${escape(content)}</${name}>`;
  const children = content.map((child) => write(child, `${indent}  `)).join('\n');
  return `${indent}<${name}${given}>\n${children}\n${indent}</${name}>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** XML 1.0 §2.2: most control characters and lone surrogates cannot be written at all, not even escaped. */
function escape(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

function flat(children: readonly Child[]): XmlElement[] {
  return children.flatMap((child) => {
    if (!child) return [];
    return 'name' in child ? [child] : flat(child);
  });
}
