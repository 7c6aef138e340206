import Handlebars from 'handlebars';

type Node = hbs.AST.Node;

/** Attributes and partial arguments that people see or hear. */
const spoken = new Set(
  (
    'alt title aria-label aria-description aria-roledescription placeholder ' +
    'label hint heading description text message caption summary'
  ).split(' '),
);
const notText = new Set(['script', 'style']);
const voidElements = /^(area|br|col|hr|img|input|link|meta|source|wbr)$/;
/** Stands for what a template puts in: it is no letter. */
const hole = '\u0001';

/**
 * Text of a view that does not come from a key: letters in the content, in an attribute that is
 * spoken, or in an argument of a partial. `translate="no"` (HTML) marks what is the same in every
 * language, such as a code sample.
 */
export function hardCodedText(path: string, template: string): string[] {
  const found: string[] = [];
  const flat = new Flattened((line, words) => found.push(`${path}:${line}: "${words}"`));
  flat.addProgram(Handlebars.parse(template));
  const report = (at: number, words: string) => found.push(`${path}:${flat.lines[at]}: "${words}"`);
  if (path.endsWith('.text.hbs')) reportLetters(flat.html, 0, report);
  else if (isAttributes(flat.html)) scanAttributes('', flat.html, 0, report);
  else scanHtml(flat.html, report);
  return found;
}

/** The content of a template in order, all branches one after the other. */
class Flattened {
  html = '';
  readonly lines: number[] = [];

  constructor(private readonly reportArgument: (line: number, words: string) => void) {}

  addProgram(program: hbs.AST.Program | undefined): void {
    for (const statement of program?.body ?? []) this.addStatement(statement);
  }

  private addStatement(statement: Node): void {
    const line = statement.loc.start.line;
    switch (statement.type) {
      case 'ContentStatement':
        // Not `value`: there, lines that hold nothing but a tag are gone. (It is typed wrongly.)
        return this.addText((statement as unknown as { original: string }).original, line);
      case 'CommentStatement':
        return;
      default: {
        const block = statement as hbs.AST.BlockStatement;
        this.checkArguments(block.hash);
        this.addText(hole, line);
        this.addProgram(block.program);
        if (block.inverse) this.addText(hole, line);
        this.addProgram(block.inverse);
      }
    }
  }

  private addText(text: string, firstLine: number): void {
    let line = firstLine;
    for (const character of text) {
      for (let unit = 0; unit < character.length; unit++) this.lines.push(line);
      if (character === '\n') line++;
    }
    this.html += text;
  }

  private checkArguments(hash: hbs.AST.Hash | undefined): void {
    for (const { key, value } of hash?.pairs ?? []) {
      if (!spoken.has(key) || value.type !== 'StringLiteral') continue;
      const text = (value as hbs.AST.StringLiteral).value;
      const isKey = /^[\w-]*(\.[\w-]*)+$/.test(text);
      if (!isKey && hasLetters(text)) this.reportArgument(value.loc.start.line, `${key}="${text}"`);
    }
  }
}

/** A partial that stands inside a tag holds attributes only. */
function isAttributes(html: string): boolean {
  return !html.includes('<') && /(^|\s)[a-z-]+=["']/.test(html);
}

type Report = (at: number, words: string) => void;

function scanHtml(html: string, report: Report): void {
  const token =
    /<!--[\s\S]*?-->|<!doctype[^>]*>|<(\/?)([a-z][\w-]*)((?:"[^"]*"|'[^']*'|[^'">])*)>/gi;
  let textStart = 0;
  let silent: { tag: string; depth: number } | undefined;

  for (const match of html.matchAll(token)) {
    const [whole, slash, name, attributes = ''] = match;
    if (!silent) reportLetters(html.slice(textStart, match.index), textStart, report);
    textStart = match.index + whole.length;
    const tag = name?.toLowerCase();
    if (!tag) continue;
    if (silent) {
      if (tag === silent.tag) silent.depth += slash ? -1 : 1;
      if (silent.depth === 0) silent = undefined;
    } else if (!slash) {
      if (isSilent(tag, attributes)) {
        const isClosed = voidElements.test(tag) || /\/\s*$/.test(attributes);
        if (!isClosed) silent = { tag, depth: 1 };
      } else {
        const attributesStart = textStart - 1 - attributes.length;
        scanAttributes(tag, attributes, attributesStart, report);
      }
    }
  }
  if (!silent) reportLetters(html.slice(textStart), textStart, report);
}

function isSilent(tag: string, attributes: string): boolean {
  return notText.has(tag) || /\stranslate=["']?no\b/i.test(attributes);
}

function scanAttributes(tag: string, attributes: string, start: number, report: Report): void {
  const isButton = tag === 'input' && /\stype=["']?(submit|button|reset)\b/i.test(attributes);
  for (const match of attributes.matchAll(/([\w-]+)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)/g)) {
    const [whole, name = '', value = ''] = match;
    const isSpoken = spoken.has(name.toLowerCase()) || (isButton && name.toLowerCase() === 'value');
    if (isSpoken && hasLetters(value)) report(start + match.index, shorten(whole));
  }
}

function reportLetters(text: string, start: number, report: Report): void {
  for (const match of text.matchAll(new RegExp(`[^${hole}\\n]+`, 'g'))) {
    if (hasLetters(match[0])) report(start + match.index, shorten(match[0]));
  }
}

function hasLetters(text: string): boolean {
  return /\p{L}/u.test(text.replaceAll(/&#?\w+;/g, ''));
}

function shorten(text: string): string {
  const words = text.replaceAll(hole, '…').replaceAll(/\s+/g, ' ').trim();
  return words.length > 60 ? `${words.slice(0, 59)}…` : words;
}
