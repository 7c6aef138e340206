import { MissingAnchor } from './refused.mjs';

let morph;
let project;

/** Loads ts-morph, which only the generator needs. */
export async function loadParser() {
  morph ??= await import('ts-morph');
  project ??= new morph.Project({
    useInMemoryFileSystem: true,
    manipulationSettings: {
      quoteKind: morph.QuoteKind.Single,
      indentationText: morph.IndentationText.TwoSpaces,
    },
  });
}

/** The compiler's own parser. */
export function parser() {
  return morph.ts;
}

/** A file of TypeScript that is edited by its syntax. Places that are not there are refused, with what to write. */
export class Code {
  constructor(path, text) {
    this.path = path;
    this.file = project.createSourceFile(`/${path}`, text, { overwrite: true });
  }

  get text() {
    return this.file.getFullText();
  }

  /** @throws MissingAnchor where `node` is undefined */
  found(node, place, paste) {
    if (!node) throw new MissingAnchor(this.path, place, paste);
    return node;
  }

  class(name, paste = '') {
    return this.found(this.file.getClass(name), `the class ${name}`, paste);
  }

  interface(name, paste = '') {
    return this.found(this.file.getInterface(name), `the interface ${name}`, paste);
  }

  function(name, paste = '') {
    return this.found(this.file.getFunction(name), `the function ${name}`, paste);
  }

  method(className, name, paste = '') {
    const method = this.class(className, paste).getMethod(name);
    return this.found(method, `the method ${className}.${name}`, paste);
  }

  /** The initializer of a constant. */
  constant(name, paste = '') {
    const declared = this.file.getVariableDeclaration(name)?.getInitializer();
    return this.found(declared, `the constant ${name}`, paste);
  }

  /** The value of a property of an object: `property(object, 'audit', 'fields')`. */
  property(object, ...path) {
    return path.reduce((within, name) => {
      const property = within.getProperty?.(name) ?? within.getProperty?.(`'${name}'`);
      return this.found(property?.getInitializer(), `the property ${path.join('.')}`, '');
    }, object);
  }

  /** The first array behind `as const` or brackets. */
  array(node) {
    const { SyntaxKind } = morph;
    const isArray = node.getKind() === SyntaxKind.ArrayLiteralExpression;
    return this.found(
      isArray ? node : node.getFirstDescendantByKind(SyntaxKind.ArrayLiteralExpression),
      `a list in ${node.getText().slice(0, 40)}`,
      '',
    );
  }

  /** All string literals that say `from` say `to`. */
  renameStrings(from, to, within = this.file) {
    const { SyntaxKind } = morph;
    for (const literal of within.getDescendantsOfKind(SyntaxKind.StringLiteral)) {
      if (literal.getLiteralValue() === from) literal.setLiteralValue(to);
    }
  }

  /** Takes `...<name>` out of every list. */
  dropSpreads(name) {
    const { SyntaxKind } = morph;
    for (;;) {
      const spread = this.file
        .getDescendantsOfKind(SyntaxKind.SpreadElement)
        .find((each) => each.getExpression().getText() === name);
      if (!spread) return;
      spread.getParentIfKindOrThrow(SyntaxKind.ArrayLiteralExpression).removeElement(spread);
    }
  }

  /** All calls that `isWanted`, in their order. */
  calls(isWanted) {
    return this.file.getDescendantsOfKind(morph.SyntaxKind.CallExpression).filter(isWanted);
  }

  /** The first call of a function. */
  call(name, paste = '') {
    const [call] = this.calls((each) => each.getExpression().getText() === name);
    return this.found(call, `a call of ${name}`, paste);
  }

  /** Adds a name to the import of `from`. */
  import(from, name, isTypeOnly = false, alias) {
    const existing = this.file
      .getImportDeclarations()
      .find((each) => each.getModuleSpecifierValue() === from);
    if (existing?.getNamedImports().some((each) => each.getName() === name)) return;
    if (existing)
      existing.addNamedImport({ name, alias, isTypeOnly: isTypeOnly && !existing.isTypeOnly() });
    else
      this.file.addImportDeclaration({
        moduleSpecifier: from,
        namedImports: [{ name, alias }],
        isTypeOnly,
      });
  }

  /** Removes imports that nothing in the file uses any more. */
  pruneImports() {
    const { SyntaxKind } = morph;
    const used = new Map();
    for (const each of this.file.getDescendantsOfKind(SyntaxKind.Identifier)) {
      if (each.getFirstAncestorByKind(SyntaxKind.ImportDeclaration)) continue;
      used.set(each.getText(), true);
    }
    for (const declaration of this.file.getImportDeclarations()) {
      const names = declaration.getNamedImports();
      const unused = names.filter(
        (each) => !used.has((each.getAliasNode() ?? each.getNameNode()).getText()),
      );
      if (names.length > 0 && unused.length === names.length) declaration.remove();
      else unused.forEach((each) => each.remove());
    }
  }

  /** Replaces exactly one occurrence of `anchor` within the text of a node. */
  replaceIn(node, anchor, replacement, paste = replacement) {
    const text = node.getText(true);
    if (text.split(anchor).length !== 2) {
      throw new MissingAnchor(this.path, `"${anchor.trim()}"`, paste);
    }
    return node.replaceWithText(text.replace(anchor, () => replacement));
  }
}

/** A file that is no TypeScript, edited at exact texts. */
export class Markup {
  constructor(path, text) {
    this.path = path;
    this.text = text;
  }

  /** @throws MissingAnchor where `anchor` is not there exactly `times` times */
  replace(anchor, replacement, { times = 1, paste = replacement } = {}) {
    const parts = this.text.split(anchor);
    if (parts.length !== times + 1) throw new MissingAnchor(this.path, `"${anchor.trim()}"`, paste);
    this.text = parts.join(replacement);
  }

  insertBefore(anchor, text) {
    this.replace(anchor, text + anchor, { paste: text });
  }
}
