import { relative } from 'node:path';
import ts from 'typescript';

/** The sources of the product, with their types. */
export interface SourceProgram {
  checker: ts.TypeChecker;
  /** Of `src`. */
  files: readonly ts.SourceFile[];
}

/** `replaced`: other texts for files, by their path from `root`: what a test would have found there. */
export function sourceProgram(
  root: string,
  replaced: ReadonlyMap<string, string> = new Map(),
): SourceProgram {
  const { config } = ts.readConfigFile(`${root}/tsconfig.json`, (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const host = ts.createCompilerHost(options);
  const readFile = host.readFile.bind(host);
  host.readFile = (path) => replaced.get(relative(root, path)) ?? readFile(path);
  const names = ts.sys.readDirectory(`${root}/src`, ['.ts']);
  const program = ts.createProgram(names, { ...options, noEmit: true }, host);
  const files = program.getSourceFiles().filter(({ fileName }) => names.includes(fileName));
  return { checker: program.getTypeChecker(), files };
}

export function callsIn(file: ts.SourceFile): ts.CallExpression[] {
  const calls: ts.CallExpression[] = [];
  const visit = (node: ts.Node) => {
    if (ts.isCallExpression(node)) calls.push(node);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return calls;
}
