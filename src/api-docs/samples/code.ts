/** What a piece of code is to the eye; `null` is plain text. */
export type TokenKind = 'comment' | 'keyword' | 'name' | 'number' | 'string';

export interface Token {
  kind: TokenKind | null;
  text: string;
}

export type CodeLanguage = 'curl' | 'Shell' | 'TypeScript' | 'JSON';

/** Code as a page shows it: its language, and its text cut where the colour changes. */
export interface Code {
  language: CodeLanguage;
  tokens: Token[];
}

const SHELL: ReadonlyArray<[TokenKind, RegExp]> = [
  ['comment', /(?<=^|\s)#[^\n]*/],
  ['string', /'[^']*'|"(?:[^"\\]|\\.)*"/],
  ['name', /(?<=\s)--?[A-Za-z][\w-]*/],
  ['keyword', /\b(?:curl|openssl|printf|base64|od|tr|export)\b/],
  ['number', /\$\w+/],
];

const PATTERNS: Readonly<Record<CodeLanguage, ReadonlyArray<[TokenKind, RegExp]>>> = {
  JSON: [
    ['name', /"(?:[^"\\]|\\.)*"(?=\s*:)/],
    ['string', /"(?:[^"\\]|\\.)*"/],
    ['number', /-?\b\d+(?:\.\d+)?\b/],
    ['keyword', /\b(?:true|false|null)\b/],
  ],
  TypeScript: [
    ['comment', /\/\/[^\n]*|\/\*[^]*?\*\//],
    ['string', /'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/],
    [
      'keyword',
      /\b(?:async|await|const|do|else|export|false|for|from|function|if|import|interface|let|new|null|of|return|throw|true|while|yield)\b/,
    ],
    ['name', /\b[A-Za-z_]\w*(?=\??:\s)/],
    ['number', /\b\d[\d_]*\b/],
  ],
  curl: SHELL,
  Shell: SHELL,
};

const WHOLE = new Map<CodeLanguage, RegExp>();

/** Cuts code where its colour changes; joined again, the tokens are the text. */
export function codeOf(language: CodeLanguage, text: string): Code {
  const kinds = PATTERNS[language].map(([kind]) => kind);
  const tokens: Token[] = [];
  let at = 0;
  for (const match of text.matchAll(wholeOf(language))) {
    if (match.index > at) tokens.push({ kind: null, text: text.slice(at, match.index) });
    const kind = kinds[match.slice(1).findIndex((group) => group !== undefined)] ?? null;
    tokens.push({ kind, text: match[0] });
    at = match.index + match[0].length;
  }
  if (at < text.length) tokens.push({ kind: null, text: text.slice(at) });
  return { language, tokens };
}

function wholeOf(language: CodeLanguage): RegExp {
  let whole = WHOLE.get(language);
  if (!whole) {
    const groups = PATTERNS[language].map(([, pattern]) => `(${pattern.source})`);
    WHOLE.set(language, (whole = new RegExp(groups.join('|'), 'g')));
  }
  return whole;
}

export function textOf({ tokens }: Code): string {
  return tokens.map(({ text }) => text).join('');
}
