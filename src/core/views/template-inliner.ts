import type Handlebars from 'handlebars';

type Program = hbs.AST.Program;
type Statement = hbs.AST.Statement;
type Expression = hbs.AST.Expression;
type Path = hbs.AST.PathExpression;
type Call = hbs.AST.MustacheStatement | hbs.AST.SubExpression;
type Block = hbs.AST.BlockStatement;
type Partial = hbs.AST.PartialStatement | hbs.AST.PartialBlockStatement;
type Hash = hbs.AST.Hash | undefined;
/** Handlebars' nodes of `null` and `undefined` have no value. */
type Literal = hbs.AST.Literal & { value?: Folded };

export interface InlineOptions {
  /** Finds a template by name; undefined when unknown. */
  find: (name: string) => Program | undefined;
  /** Evaluates a helper with constant arguments; undefined when it depends on the page. */
  fold: (name: string, params: unknown[], hash: Record<string, unknown>) => Folded | undefined;
  escape: (text: unknown) => string;
}

export type Folded = string | number | boolean | Handlebars.SafeString;

/** Arguments of a partial by name: an expression, and the number of contexts open where it was written. */
type Given = ReadonlyMap<string, { expression: Expression; depth: number }>;

interface Context {
  /** Names of arguments, which shadow fields of the context. */
  given: Given;
  depth: number;
}

/** Position of a statement: its contexts (`../`), innermost last, and its `@partial-block`. */
interface Place {
  contexts: readonly Context[];
  block: { program: Program; place: Place } | null;
}

/** Whitespace control (`{{~`) was applied in the original template and must not apply again. */
const KEEP = { open: false, close: false };
const STRIPPED = { strip: KEEP, openStrip: KEEP, inverseStrip: KEEP, closeStrip: KEEP };

const NOTHING: Given = new Map();
const DEEPEST = 30;

/** The template, or one it uses, cannot be inlined; it is rendered as is. */
export class NotInlinable extends Error {}

/**
 * Inlines partials and evaluates constant helpers of a template (ADR 34): Handlebars calls both anew for
 * every page, more than half of rendering. Arguments of a partial are substituted, also in its
 * `@partial-block`.
 * @throws NotInlinable for a partial with a context of its own, a dynamic one, block parameters, decorators,
 * or `this` with arguments
 */
export function inlinePartials(program: Program, options: InlineOptions): Program {
  const top = { contexts: [{ given: NOTHING, depth: 0 }], block: null };
  return new Flattening(options).program(program, top);
}

class Flattening {
  private nesting = 0;

  constructor(private readonly options: InlineOptions) {}

  program(program: Program, place: Place): Program {
    if (program.blockParams?.length) throw new NotInlinable('block parameters');
    return { ...program, body: this.statements(program, place) };
  }

  private statements({ body }: Program, place: Place): Statement[] {
    return body.flatMap((statement) => this.statement(statement, place));
  }

  private statement(node: Statement, place: Place): Statement[] {
    switch (node.type) {
      case 'ContentStatement':
        return [node];
      case 'CommentStatement':
        return [];
      case 'MustacheStatement':
        return [this.mustache(node as hbs.AST.MustacheStatement, place)];
      case 'BlockStatement':
        return this.block(node as Block, place);
      case 'PartialStatement':
      case 'PartialBlockStatement':
        return [...indentOf(node as Partial), ...this.partial(node as Partial, place)];
      default:
        throw new NotInlinable(node.type);
    }
  }

  private mustache(node: hbs.AST.MustacheStatement, place: Place): Statement {
    if (node.params.length || node.hash) {
      const call = this.call(node, place);
      const said = this.folded(call);
      return said === undefined ? { ...call, ...STRIPPED } : this.content(node, said);
    }
    const value = this.expression(node.path, place);
    if (isLiteral(value)) return this.content(node, value.value ?? '');
    if (value.type !== 'SubExpression') return { ...node, ...STRIPPED, path: value } as Statement;
    const { path, params, hash } = value as hbs.AST.SubExpression;
    return { ...node, ...STRIPPED, path, params, hash } as Statement;
  }

  private content({ escaped, loc }: hbs.AST.MustacheStatement, said: Folded): Statement {
    return content(escaped ? this.options.escape(said) : String(said), loc);
  }

  private block(node: Block, place: Place): Statement[] {
    const name = node.path.original;
    const { params, hash } = this.call(node, place);
    const [condition] = params;
    if ((name === 'if' || name === 'unless') && !hash && isLiteral(condition)) {
      const taken = Boolean(condition.value) === (name === 'if') ? node.program : node.inverse;
      return taken ? this.statements(taken, place) : [];
    }
    if (!['if', 'unless', 'each', 'with'].includes(name)) throw new NotInlinable(`{{#${name}}}`);
    const inside = name === 'each' || name === 'with' ? inItem(place) : place;
    const program = this.program(node.program, inside);
    // `{{else}}` is evaluated in the surrounding context. By the types it always exists.
    const inverse = (node.inverse as Program | undefined) && this.program(node.inverse, place);
    return [{ ...node, ...STRIPPED, params, hash, program, inverse } as Statement];
  }

  private partial(node: Partial, place: Place): Statement[] {
    const { original: name, type } = node.name as Path;
    if (type !== 'PathExpression' || node.params.length) throw new NotInlinable(`{{> ${name} …}}`);
    if (this.nesting >= DEEPEST) throw new NotInlinable(`${name} holds itself`);
    const here = place.contexts.at(-1)!;
    const context = { given: this.given(node.hash, place), depth: here.depth };
    const own = 'program' in node ? { program: node.program, place } : null;
    this.nesting += 1;
    try {
      if (name !== '@partial-block') {
        const program = this.options.find(name);
        if (!program) throw new NotInlinable(`No partial "${name}"`);
        return this.statements(program, { contexts: [context], block: own ?? place.block });
      }
      const { block } = place;
      if (block) return this.statements(block.program, inBlock(block.place, context));
      if (own) return this.statements(own.program, place);
      throw new NotInlinable('no block');
    } finally {
      this.nesting -= 1;
    }
  }

  private given(hash: Hash, place: Place): Given {
    const { given, depth } = place.contexts.at(-1)!;
    if (!hash) return given;
    const pairs = hash.pairs.map(
      ({ key, value }) => [key, { expression: this.expression(value, place), depth }] as const,
    );
    return new Map([...given, ...pairs]);
  }

  private call<T extends Call | Block>(node: T, place: Place): T {
    const params = node.params.map((param) => this.expression(param, place));
    const pairs = (node.hash as Hash)?.pairs.map((pair) => ({
      ...pair,
      value: this.expression(pair.value, place),
    }));
    return { ...node, params, hash: pairs && { ...node.hash, pairs } };
  }

  private expression(node: Expression, place: Place): Expression {
    if (node.type === 'PathExpression') return this.path(node as Path, place);
    if (node.type !== 'SubExpression') return node;
    const call = this.call(node as hbs.AST.SubExpression, place);
    const said = this.folded(call);
    return said === undefined ? call : (literal(said, node) ?? call);
  }

  private path(node: Path, place: Place): Expression {
    if (node.data) return node;
    const context = place.contexts.at(-1 - node.depth);
    if (!context) throw new NotInlinable(node.original);
    const here = place.contexts.at(-1)!.depth;
    const [name, ...rest] = node.parts;
    if (name === undefined && context.given.size > 0) throw new NotInlinable(node.original);
    const meaning = context.given.get(name!);
    if (!meaning) return pathTo(node, here - context.depth, node.parts);
    const expression = deeper(meaning.expression, here - meaning.depth);
    if (rest.length === 0) return expression;
    if (isNothing(expression)) return expression;
    if (expression.type !== 'PathExpression') throw new NotInlinable(node.original);
    const owner = expression as Path;
    if (owner.data) throw new NotInlinable(node.original);
    return pathTo(owner, owner.depth, [...owner.parts, ...rest]);
  }

  private folded({ path, params, hash }: Call): Folded | undefined {
    const pairs = (hash as Hash)?.pairs ?? [];
    if (!params.every(isLiteral) || !pairs.every(({ value }) => isLiteral(value))) return undefined;
    const named = pairs.map(({ key, value }) => [key, (value as Literal).value] as const);
    return this.options.fold(
      (path as Path).original,
      params.map(({ value }) => value),
      Object.fromEntries(named),
    );
  }
}

/** Indentation of a standalone partial. */
function indentOf(node: Partial): Statement[] {
  const { indent, loc } = node as hbs.AST.PartialStatement;
  return indent ? [content(indent, loc)] : [];
}

function content(value: string, loc: hbs.AST.SourceLocation): Statement {
  return { type: 'ContentStatement', value, original: value, loc } as Statement;
}

/** Position inside `{{#each}}`: names are those of the item. */
function inItem({ contexts, block }: Place): Place {
  return { contexts: [...contexts, { given: NOTHING, depth: contexts.at(-1)!.depth + 1 }], block };
}

/** Position inside a partial's block, which sees the partial's arguments before those of its own template. */
function inBlock({ contexts, block }: Place, context: Context): Place {
  const outer = contexts.at(-1)!;
  const isSame = outer.given === context.given && outer.depth === context.depth;
  return { contexts: isSame ? contexts : [...contexts, context], block };
}

function isLiteral(node: Expression | undefined): node is Literal {
  return node !== undefined && (/^(String|Number|Boolean)Literal$/.test(node.type) || isNothing(node));
}

function isNothing({ type }: Expression): boolean {
  return type === 'NullLiteral' || type === 'UndefinedLiteral';
}

function literal(value: Folded, { loc }: Expression): Expression | undefined {
  const types = { string: 'StringLiteral', number: 'NumberLiteral', boolean: 'BooleanLiteral' };
  if (typeof value === 'object') return undefined;
  const type = types[typeof value as keyof typeof types];
  return { type, value, original: value, loc } as Expression;
}

/** The expression for a position that is `by` contexts deeper. */
function deeper(node: Expression, by: number): Expression {
  if (by === 0) return node;
  if (node.type === 'PathExpression') {
    const path = node as Path;
    return path.data ? path : pathTo(path, path.depth + by, path.parts);
  }
  if (node.type !== 'SubExpression') return node;
  const call = node as hbs.AST.SubExpression;
  const pairs = (call.hash as Hash)?.pairs.map((pair) => ({
    ...pair,
    value: deeper(pair.value, by),
  }));
  const params = call.params.map((param) => deeper(param, by));
  return { ...call, params, hash: pairs && { ...call.hash, pairs } } as Expression;
}

/** An explicit path (`./name`, `../name`), which is never resolved to a helper. */
function pathTo(node: Path, depth: number, parts: string[]): Path {
  const way = depth === 0 ? './' : '../'.repeat(depth);
  return { ...node, depth, parts, original: parts.length ? way + parts.join('/') : way };
}
