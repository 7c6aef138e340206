import { relative } from 'node:path';
import ts from 'typescript';

/** The sources of the product, with their types. */
export interface SourceProgram {
  checker: ts.TypeChecker;
  /** Of `src`. */
  files: readonly ts.SourceFile[];
  program: ts.Program;
}

/** What a test would have found with other texts in some files. */
export interface Replaced {
  /** By their path from the root. */
  texts: ReadonlyMap<string, string>;
  /** The sources as they are: those of all other files are taken from it. */
  of: SourceProgram;
}

export function sourceProgram(root: string, replaced?: Replaced): SourceProgram {
  const { config } = ts.readConfigFile(`${root}/tsconfig.json`, (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const host = ts.createCompilerHost(options);
  const { texts, of: before } = replaced ?? {};
  const getSourceFile = host.getSourceFile.bind(host);
  host.getSourceFile = (path, target, ...others) => {
    const text = texts?.get(relative(root, path));
    if (text !== undefined) return ts.createSourceFile(path, text, target, true);
    return before?.program.getSourceFile(path) ?? getSourceFile(path, target, ...others);
  };
  const names = ts.sys.readDirectory(`${root}/src`, ['.ts']);
  const program = ts.createProgram(names, { ...options, noEmit: true }, host, before?.program);
  const files = program.getSourceFiles().filter(({ fileName }) => names.includes(fileName));
  return { checker: program.getTypeChecker(), files, program };
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
