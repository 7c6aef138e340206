import { relative } from 'node:path';
import ts from 'typescript';
import { callsIn, sourceProgram, type SourceProgram } from '../../architecture/source-program.js';
import { argumentsOf, textsOf, type Arguments } from './sql-text.js';

/** What TypeScript expects of a column. `unknown` accepts anything. */
export interface DeclaredColumn {
  name: string;
  type: string;
  isNullable: boolean;
  isOptional: boolean;
}

/** SQL where it is asked in `src`, and the rows its caller declares. */
export interface DeclaredStatement {
  /** File and method. */
  where: string;
  /** Null when the text is put together while running. */
  texts: string[] | null;
  /** Null when nobody looks into the rows. */
  row: DeclaredColumn[] | null;
}

/** Methods of `UnitOfWork` that take SQL, and where their text stands. */
const ASKED = ['query', 'execute', 'post', 'read', 'readVisitor', 'write'];

/** A function that hands on SQL it was given: what it is given counts, where it is given. */
interface Sink {
  symbol: ts.Symbol;
  /** The rows, where not its callers declare them. */
  row?: DeclaredColumn[] | null;
  /** Which argument is the text, or a statement with a `text`. */
  argument: number;
}

export class DeclaredStatements {
  private readonly checker: ts.TypeChecker;
  private readonly files: readonly ts.SourceFile[];

  constructor(
    private readonly root: string,
    private readonly sources: SourceProgram = sourceProgram(root),
  ) {
    ({ checker: this.checker, files: this.files } = sources);
  }

  /** What they would be with other texts in some files. */
  with(texts: ReadonlyMap<string, string>): DeclaredStatements {
    return new DeclaredStatements(this.root, sourceProgram(this.root, { texts, of: this.sources }));
  }

  all(): DeclaredStatement[] {
    const calls = this.files.flatMap((file) => callsIn(file));
    const found: DeclaredStatement[] = [];
    let sinks = this.ofUnitOfWork();
    const known = new Set<ts.Symbol>();
    while (sinks.length > 0) {
      sinks.forEach(({ symbol }) => known.add(symbol));
      const next: Sink[] = [];
      for (const call of calls) {
        const sink = sinks.find(({ symbol }) => this.calledBy(call) === symbol);
        if (!sink) continue;
        const wrapper = this.wrapperOf(call, sink);
        if (!wrapper) found.push(this.statement(call, sink, calls));
        else if (!known.has(wrapper.symbol)) next.push(wrapper);
      }
      sinks = next;
    }
    return found;
  }

  private ofUnitOfWork(): Sink[] {
    const file = this.files.find(({ fileName }) => fileName.endsWith('/database/unit-of-work.ts'))!;
    const declared = file.statements.find((s) => ts.isClassDeclaration(s))!;
    return declared.members.flatMap((member) =>
      ts.isMethodDeclaration(member) && ASKED.includes(member.name.getText())
        ? [
            {
              symbol: this.checker.getSymbolAtLocation(member.name)!,
              argument: member.name.getText() === 'readVisitor' ? 1 : 0,
            },
          ]
        : [],
    );
  }

  /** The method around a call, where the text of the call is that method's own parameter. */
  private wrapperOf(call: ts.CallExpression, { argument, row }: Sink): Sink | null {
    const text = this.textIn(call.arguments[argument]!);
    const symbol = text && ts.isIdentifier(text) && this.valueOf(text);
    const parameter = symbol && symbol.valueDeclaration;
    if (!parameter || !ts.isParameter(parameter) || !ts.isMethodDeclaration(parameter.parent)) {
      return null;
    }
    const own = row === undefined && !this.isGeneric(call) ? this.rowOf(call) : row;
    return {
      symbol: this.checker.getSymbolAtLocation(parameter.parent.name)!,
      argument: parameter.parent.parameters.indexOf(parameter),
      ...(own === undefined ? {} : { row: own }),
    };
  }

  private statement(
    call: ts.CallExpression,
    { argument, row }: Sink,
    calls: readonly ts.CallExpression[],
  ): DeclaredStatement {
    const text = this.textIn(call.arguments[argument]!);
    return {
      where: this.placeOf(call),
      texts: text && this.textsIn(text, calls),
      row: row === undefined ? this.rowOf(call) : row,
    };
  }

  /** A text that has parameters of the method around it in it is a text for each call of that method. */
  private textsIn(text: ts.Expression, calls: readonly ts.CallExpression[]): string[] | null {
    const texts = textsOf(text, this.checker);
    const method = ts.findAncestor(text, ts.isMethodDeclaration);
    if (texts || !method) return texts;
    const symbol = this.checker.getSymbolAtLocation(method.name);
    const given: Arguments[] = calls
      .filter((call) => this.calledBy(call) === symbol)
      .map((call) => argumentsOf(call, method, this.checker));
    const each = given.map((args) => textsOf(text, this.checker, args));
    return each.length === 0 || each.includes(null) ? null : each.flatMap((some) => some!);
  }

  private isGeneric(call: ts.CallExpression): boolean {
    return Boolean(this.rowTypeOf(call).flags & ts.TypeFlags.TypeParameter);
  }

  /** The text itself, or that of a statement, which may be a constant of this file or of another. */
  private textIn(given: ts.Expression): ts.Expression | null {
    if (ts.isIdentifier(given)) {
      const declared = this.declarationOf(given);
      const isObject =
        declared &&
        ts.isVariableDeclaration(declared) &&
        declared.initializer &&
        ts.isObjectLiteralExpression(declared.initializer);
      if (isObject) return this.textIn(declared.initializer);
    }
    if (!ts.isObjectLiteralExpression(given)) return given;
    for (const property of given.properties) {
      if (property.name?.getText() !== 'text') continue;
      if (ts.isPropertyAssignment(property)) return property.initializer;
      if (ts.isShorthandPropertyAssignment(property)) return property.name;
    }
    return null;
  }

  private rowOf(call: ts.CallExpression): DeclaredColumn[] | null {
    const { checker } = this;
    const type = this.rowTypeOf(call);
    if (!(type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection))) return null;
    return checker.getPropertiesOfType(type).map((property) => {
      const declared = checker.getTypeOfSymbolAtLocation(property, call);
      const bare = checker.getNonNullableType(declared);
      return {
        name: property.name,
        type: this.nameOf(bare),
        isNullable: declared !== bare && this.hasNull(declared),
        isOptional: Boolean(property.flags & ts.SymbolFlags.Optional),
      };
    });
  }

  private rowTypeOf(call: ts.CallExpression): ts.Type {
    const { checker } = this;
    const type = checker.getAwaitedType(checker.getTypeAtLocation(call))!;
    const isList = checker.isArrayType(type);
    return isList ? checker.getTypeArguments(type as ts.TypeReference)[0]! : type;
  }

  private hasNull(type: ts.Type): boolean {
    return type.isUnion() && type.types.some(({ flags }) => flags & ts.TypeFlags.Null);
  }

  private nameOf(type: ts.Type): string {
    const { checker } = this;
    if (type.flags & (ts.TypeFlags.Unknown | ts.TypeFlags.Any)) return 'unknown';
    const widened = checker.typeToString(checker.getBaseTypeOfLiteralType(type));
    return /^Buffer(<|$)/.test(widened) ? 'Buffer' : widened;
  }

  private calledBy(call: ts.CallExpression): ts.Symbol | undefined {
    const { expression } = call;
    if (!ts.isPropertyAccessExpression(expression)) return undefined;
    const symbol = this.valueOf(expression.name);
    const declared = symbol?.valueDeclaration;
    // Of a generic base class the symbol is one of this use: the declaration is that of all.
    return declared && ts.isMethodDeclaration(declared)
      ? this.checker.getSymbolAtLocation(declared.name)
      : symbol;
  }

  private valueOf(node: ts.Node): ts.Symbol | undefined {
    const { parent } = node;
    if (ts.isShorthandPropertyAssignment(parent)) {
      return this.checker.getShorthandAssignmentValueSymbol(parent);
    }
    return this.checker.getSymbolAtLocation(node);
  }

  /** Where a name is declared, in whichever file. */
  private declarationOf(name: ts.Identifier): ts.Declaration | undefined {
    const symbol = this.valueOf(name);
    const isImported = symbol && symbol.flags & ts.SymbolFlags.Alias;
    return (isImported ? this.checker.getAliasedSymbol(symbol) : symbol)?.valueDeclaration;
  }

  private placeOf(call: ts.CallExpression): string {
    const file = call.getSourceFile();
    const around = ts.findAncestor(call, isNamedFunction)!;
    return `${relative(this.root, file.fileName)} ${around.name.getText()}`;
  }
}

/** A method, or a function that is a property of an object. */
function isNamedFunction(node: ts.Node): node is ts.MethodDeclaration | ts.PropertyAssignment {
  return (
    ts.isMethodDeclaration(node) ||
    (ts.isPropertyAssignment(node) && ts.isArrowFunction(node.initializer))
  );
}
