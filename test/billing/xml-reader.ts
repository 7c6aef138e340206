/** An element as the tests look at it. */
export interface Read {
  name: string;
  attributes: Record<string, string>;
  children: Read[];
  text: string;
}

const TOKEN =
  /<\?xml [^>]*\?>|<\/([\w:.-]+)>|<([\w:.-]+)((?:\s+[\w:.-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy;
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Reads XML strictly: what is not well-formed (XML 1.0 §2.1) throws. */
export function readXml(xml: string): Read {
  const root: Read = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  let end = 0;
  for (const [all, closed, opened, attributes, empty, text] of xml.matchAll(TOKEN)) {
    end += all.length;
    const current = open.at(-1)!;
    if (text !== undefined) current.text += decoded(text);
    if (closed !== undefined && open.pop()!.name !== closed) throw new Error(`</${closed}>`);
    if (opened === undefined) continue;
    const element: Read = { name: opened, attributes: {}, children: [], text: '' };
    for (const [, key = '', value = ''] of attributes!.matchAll(/([\w:.-]+)="([^"]*)"/g)) {
      if (Object.hasOwn(element.attributes, key)) throw new Error(`twice: ${key}`);
      element.attributes[key] = decoded(value);
    }
    current.children.push(element);
    if (!empty) open.push(element);
  }
  if (end !== xml.length) throw new Error(`not XML: ${xml.slice(end, end + 40)}`);
  if (open.length !== 1 || root.children.length !== 1)
    throw new Error('not one root that is closed');
  return root.children[0]!;
}

/** Texts of the elements at a path below, such as `cac:TaxTotal/cbc:TaxAmount`. */
export function texts(element: Read, path: string): string[] {
  return at(element, path).map(({ text }) => text);
}

export function at(element: Read, path: string): Read[] {
  return path
    .split('/')
    .reduce<Read[]>(
      (found, name) => found.flatMap(({ children }) => children.filter((it) => it.name === name)),
      [element],
    );
}

function decoded(text: string): string {
  if (/&(?!(amp|lt|gt|quot|apos);)/.test(text)) throw new Error(`not escaped: ${text}`);
  return text.replace(/&(\w+);/g, (_, name: string) => ENTITIES[name]!);
}
