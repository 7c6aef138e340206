import { relative } from 'node:path';
import ts from 'typescript';
import { callsIn, type SourceProgram } from '../source-program.js';

/** A page or card where it is made: the view it names, and the properties of the model it gives. */
export interface DeclaredPage {
  /** The file. */
  where: string;
  /** Null when the name is put together while running. */
  view: string | null;
  properties: string[];
}

/** Functions that make a page or card: their file and name, and what they add to each model. */
const MAKERS = [
  { file: '/http/pipeline/answers.ts', name: 'page', added: [] as string[] },
  { file: '/http/pages/card.ts', name: 'card', added: [] as string[] },
  { file: '/back-office/admin-shell.ts', name: 'page', added: ['admin'] },
];

export function declaredPages(root: string, { checker, files }: SourceProgram): DeclaredPage[] {
  return files.flatMap((file) =>
    callsIn(file).flatMap((call): DeclaredPage[] => {
      const declared = checker.getResolvedSignature(call)?.declaration;
      const name = declared && 'name' in declared ? declared.name?.getText() : undefined;
      const from = declared?.getSourceFile().fileName ?? '';
      const maker = MAKERS.find((each) => each.name === name && from.endsWith(each.file));
      // One maker calls the other.
      const isMaker = MAKERS.some((each) => file.fileName.endsWith(each.file));
      if (!maker || isMaker) return [];
      const [view, model] = call.arguments;
      return [
        {
          where: relative(root, file.fileName),
          view: view && ts.isStringLiteralLike(view) ? view.text : null,
          properties: [...maker.added, ...(model ? propertiesOf(model, checker) : [])],
        },
      ];
    }),
  );
}

function propertiesOf(model: ts.Expression, checker: ts.TypeChecker): string[] {
  const type = checker.getTypeAtLocation(model);
  const each = type.isUnion() ? type.types : [type];
  return each.flatMap((one) => checker.getPropertiesOfType(one).map(({ name }) => name));
}
