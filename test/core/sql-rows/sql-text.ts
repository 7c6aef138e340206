import ts from 'typescript';

/** What the parameters of a function stand for in one call of it. */
export type Arguments = ReadonlyMap<ts.Symbol, ts.Expression>;

/**
 * The texts an expression can stand for, one per combination of what its conditions and unions leave open.
 * Null when it is put together in a way only the running program knows.
 */
export function textsOf(
  expression: ts.Expression,
  checker: ts.TypeChecker,
  args?: Arguments,
): string[] | null {
  return alternatives((choices) => new Evaluation(checker, choices, args).text(expression));
}

/** What the call gives for the parameters of the function it calls. */
export function argumentsOf(
  call: ts.CallExpression,
  called: ts.SignatureDeclaration,
  checker: ts.TypeChecker,
): Map<ts.Symbol, ts.Expression> {
  return new Map(
    called.parameters.flatMap((parameter, index) => {
      const symbol = checker.getSymbolAtLocation(parameter.name);
      const value = call.arguments[index] ?? parameter.initializer;
      return symbol && value ? [[symbol, value] as const] : [];
    }),
  );
}

/** An expression whose value is not in the source: a parameter, or the result of a function that computes it. */
class NotInSource extends Error {}

/** What is known only when running, of which there are but a few possibilities. */
class Open extends Error {
  constructor(
    readonly what: string,
    readonly values: readonly unknown[],
  ) {
    super(what);
  }
}

type Choices = ReadonlyMap<string, unknown>;

/** Evaluates once per combination. One thing is the same everywhere in a text, as it is when it runs. */
function alternatives(
  evaluate: (choices: Choices) => string,
  choices: Choices = new Map(),
): string[] | null {
  try {
    return [evaluate(choices)];
  } catch (error) {
    if (error instanceof NotInSource) return null;
    if (!(error instanceof Open)) throw error;
    const texts = error.values.map((value) =>
      alternatives(evaluate, new Map(choices).set(error.what, value)),
    );
    return texts.some((each) => each === null)
      ? null
      : [...new Set(texts.flatMap((each) => each!))];
  }
}

class Evaluation {
  constructor(
    private readonly checker: ts.TypeChecker,
    private readonly choices: Choices,
    private readonly args: Arguments = new Map(),
  ) {}

  text(node: ts.Expression): string {
    if (ts.isStringLiteralLike(node) || ts.isNumericLiteral(node)) {
      return ts.isNumericLiteral(node) ? String(Number(node.text.replaceAll('_', ''))) : node.text;
    }
    if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node)) {
      return this.text(node.expression);
    }
    if (ts.isTemplateExpression(node)) {
      const spans = node.templateSpans.map((s) => this.text(s.expression) + s.literal.text);
      return node.head.text + spans.join('');
    }
    if (ts.isConditionalExpression(node)) {
      const holds = this.choose(node.condition.getText(), [true, false]);
      return this.text(holds ? node.whenTrue : node.whenFalse);
    }
    if (ts.isIdentifier(node) || ts.isPropertyAccessExpression(node)) return this.named(node);
    if (this.isNumber(node)) return '1';
    if (ts.isCallExpression(node)) return this.called(node);
    throw new NotInSource(node.getText());
  }

  private named(node: ts.Identifier | ts.PropertyAccessExpression): string {
    const symbol = this.symbolOf(node);
    const given = symbol && this.args.get(symbol);
    if (given) return new Evaluation(this.checker, this.choices).text(given);
    const declared = symbol?.valueDeclaration;
    const type = this.checker.getTypeAtLocation(node);
    if (this.isNumber(node)) return '1';
    if (type.isStringLiteral()) return type.value;
    if (type.isUnion() && type.types.every((each) => each.isStringLiteral())) {
      const values = type.types.flatMap((each) => (each.isStringLiteral() ? [each.value] : []));
      return this.choose(node.getText(), values) as string;
    }
    const isFixed =
      declared &&
      ((ts.isVariableDeclaration(declared) &&
        declared.parent.flags & ts.NodeFlags.Const &&
        ts.isIdentifier(declared.name)) ||
        ts.isPropertyAssignment(declared));
    if (isFixed && declared.initializer) return this.text(declared.initializer);
    throw new NotInSource(node.getText());
  }

  /** A function of one expression, such as one that puts the name of a table into a condition. */
  private called(node: ts.CallExpression): string {
    const declared = this.symbolOf(node.expression)?.valueDeclaration;
    const isFunction =
      declared &&
      (ts.isFunctionDeclaration(declared) ||
        (ts.isVariableDeclaration(declared) &&
          declared.initializer &&
          ts.isArrowFunction(declared.initializer)));
    if (!isFunction) throw new NotInSource(node.getText());
    const asked = (
      ts.isFunctionDeclaration(declared) ? declared : declared.initializer
    ) as ts.FunctionLikeDeclaration;
    const result = returnedBy(asked);
    if (!result) throw new NotInSource(node.getText());
    const args = argumentsOf(node, asked, this.checker);
    for (const [symbol, value] of args) args.set(symbol, this.inlined(value));
    return new Evaluation(this.checker, this.choices, args).text(result);
  }

  /** An argument that is itself a parameter stands for what that one was given. */
  private inlined(value: ts.Expression): ts.Expression {
    const symbol = ts.isIdentifier(value) ? this.symbolOf(value) : undefined;
    return (symbol && this.args.get(symbol)) ?? value;
  }

  /** Any number will do: how many rows, how many days. */
  private isNumber(node: ts.Expression): boolean {
    return Boolean(this.checker.getTypeAtLocation(node).flags & ts.TypeFlags.NumberLike);
  }

  private choose(what: string, values: readonly unknown[]): unknown {
    if (!this.choices.has(what)) throw new Open(what, values);
    return this.choices.get(what);
  }

  private symbolOf(node: ts.Node): ts.Symbol | undefined {
    const symbol = this.checker.getSymbolAtLocation(node);
    return symbol && symbol.flags & ts.SymbolFlags.Alias
      ? this.checker.getAliasedSymbol(symbol)
      : symbol;
  }
}

function returnedBy({ body }: ts.FunctionLikeDeclaration): ts.Expression | undefined {
  if (!body || !ts.isBlock(body)) return body;
  const [only, ...others] = body.statements;
  return only && others.length === 0 && ts.isReturnStatement(only) ? only.expression : undefined;
}
