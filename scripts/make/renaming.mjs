import { parser } from './code.mjs';
import { capital, withArticle } from './names.mjs';
import { Refused } from './refused.mjs';

/**
 * A file of the template under the names of another module. A name is spelled as its place wants it: `purchaseOrders` in
 * code, `purchase-orders` in addresses and files, `purchase_orders` in data, `purchase orders` in sentences.
 */
export function renamed(path, text, names) {
  const spelled = new Spelling(path, names);
  const result = path.endsWith('.ts')
    ? code(text, spelled)
    : path.endsWith('.json')
      ? texts(text, spelled)
      : markup(text, spelled);
  return withArticles(result, names.one);
}

const NAME = /projects?|Projects?|PROJECTS?/g;

/** Names in the spelling of a place. `of`: `project` or `projects`, `Project…`, `PROJECT…`. */
class Spelling {
  constructor(path, names) {
    this.path = path;
    this.names = names;
  }

  /** `purchase-order`. */
  address = (of) => this.names[isMany(of) ? 'plural' : 'singular'];
  /** `purchase_order`. */
  data = (of) => this.names[isMany(of) ? 'resource' : 'table'];

  /** `purchaseOrder`, `PurchaseOrder`, `PURCHASE_ORDER`. */
  identifier = (of) => {
    if (of === of.toUpperCase()) return this.names[isMany(of) ? 'PLURAL' : 'SINGULAR'];
    if (of[0] === 'P') return this.names[isMany(of) ? 'Plural' : 'Singular'];
    return this.names[isMany(of) ? 'variables' : 'variable'];
  };

  /** `purchase order`, `Purchase order`. */
  sentence = (of) => {
    const said = this.names[isMany(of) ? 'many' : 'one'];
    return of[0] === 'P' ? capital(said) : said;
  };

  /** Of sentences, in which addresses stand too: `GET /projects/`, `src/projects`. */
  prose(text) {
    return text.replace(NAME, (of, at) =>
      text[at - 1] === '/' ? this.address(of) : this.sentence(of),
    );
  }

  /** What a literal says, by its form; `role` is what takes it, for one that is the name alone. */
  literal(text, role) {
    const form = FORMS.find(([pattern]) => pattern.test(text));
    if (form) return text.replace(NAME, (...args) => form[1](this, ...wordOf(args)));
    if (/^projects?$/.test(text)) {
      const spelling = ROLES[role];
      if (spelling) return this[spelling](text);
    }
    throw this.unknown(text, role);
  }

  unknown(text, role) {
    const place = role ? ` of ${role}` : '';
    return new Refused(
      `${this.path}: "${text}"${place} is a place whose spelling is not known: scripts/make/renaming.mjs has to say which it is.`,
    );
  }
}

function isMany(of) {
  return /s$/i.test(of);
}

function wordOf(args) {
  const [of, at, text] = args;
  return [of, text[at - 1], text[at + of.length], at];
}

/** Forms of literals, the first that fits: how the names in them are spelled. */
const FORMS = [
  // An operation of the API: `listProjects`.
  [/^[a-z]+Projects?$/, (spelled, of) => spelled.identifier(of)],
  // A statement.
  [/\b(SELECT|FROM|UPDATE|DELETE|INSERT) /, (spelled, of) => spelled.data(of)],
  // An index or a constraint.
  [/^(idx|uq|fk|ck)_project_\w+$/, (spelled, of) => spelled.data(of)],
  // A permission, or an action of the trail.
  [/^(projects:(read|write)|project\.[a-z_]+)$/, (spelled, of) => spelled.data(of)],
  // The key of a text, of which the first word is its file.
  [
    /^projects(\.[a-z_]*)+$/,
    (spelled, of, _before, _after, at) => (at === 0 ? spelled.address(of) : spelled.data(of)),
  ],
  // The name of a statement.
  [/^projects-/, (spelled, of) => spelled.address(of)],
  // The page of a flag, which is data.
  [/\/flags\/projects\//, (spelled, of) => spelled.data(of)],
  // What is kept about a row is at the name of its table.
  [/\/on\/project\//, (spelled, of) => spelled.data(of)],
  // An address, a path or a view, in a selector too; `:project` stands for a thing of the samples.
  [
    /\/:?projects?\b|\bprojects?\/|projects\.csv/,
    (spelled, of, before) => (before === ':' ? spelled.identifier(of) : spelled.address(of)),
  ],
  // A sentence, or a heading.
  [/ |^Projects?$/, (spelled, of) => spelled.sentence(of)],
];

/** How a name that stands alone is spelled, by the function or the property that takes it. */
const ROLES = {
  one: 'sentence',
  many: 'sentence',
  Controller: 'address',
  name: 'address',
  feature: 'address',
  section: 'address',
  path: 'address',
  of: 'data',
  Entity: 'data',
  RequiresFlag: 'data',
  withoutFlag: 'data',
  requireRoom: 'data',
  countedBy: 'data',
  flag: 'data',
  kind: 'data',
  table: 'data',
  row: 'data',
  rowActions: 'data',
  firstOf: 'data',
};

/** Properties under which keys are data; other keys are those of objects of the code. */
const DATA = new Set(
  'tables subjects kinds flags limits search exportParts entitlements toMatchObject'.split(' '),
);

function code(text, spelled) {
  const ts = parser();
  const file = ts.createSourceFile('template.ts', text, ts.ScriptTarget.Latest, true);
  let result = '';
  let end = 0;
  const visit = (node) => {
    // A list of nothing.
    if (node.pos === node.end) return;
    const children = node.getChildren(file).filter((each) => !ts.isJSDoc(each));
    if (children.length > 0) {
      children.forEach(visit);
      return;
    }
    const start = node.getStart(file);
    // What no token is, is a comment.
    result += spelled.prose(text.slice(end, start));
    result += tokenOf(ts, node, text.slice(start, node.getEnd()), spelled);
    end = node.getEnd();
  };
  visit(file);
  return result + spelled.prose(text.slice(end));
}

function tokenOf(ts, node, text, spelled) {
  if (text.search(NAME) < 0) return text;
  if (ts.isIdentifier(node)) {
    const spell = isDataKey(ts, node) ? spelled.data : spelled.identifier;
    return text.replace(NAME, (of) => spell(of));
  }
  if (ts.isStringLiteral(node)) {
    const quote = text[0];
    return quote + spelled.literal(text.slice(1, -1), roleOf(ts, node)) + quote;
  }
  if (ts.isRegularExpressionLiteral(node)) return spelled.prose(text);
  if (isTemplate(ts, node)) return partOf(ts, node, text, spelled);
  throw spelled.unknown(text, ts.SyntaxKind[node.kind]);
}

function isTemplate(ts, node) {
  return (
    ts.isNoSubstitutionTemplateLiteral(node) ||
    ts.isTemplateHead(node) ||
    ts.isTemplateMiddle(node) ||
    ts.isTemplateTail(node)
  );
}

/** Its whole template says what it is: a statement, an address, a sentence. */
function partOf(ts, node, text, spelled) {
  const expression = ts.isNoSubstitutionTemplateLiteral(node)
    ? node
    : ts.findAncestor(node, ts.isTemplateExpression);
  const whole = expression.getText().slice(1, -1);
  const [, spell] = FORMS.find(([pattern]) => pattern.test(whole)) ?? [];
  if (!spell) throw spelled.unknown(whole);
  const start = node.getStart() - expression.getStart() - 1;
  return text.replace(NAME, (of, at) => {
    const place = start + at;
    return spell(spelled, of, whole[place - 1], whole[place + of.length], place);
  });
}

/** `{ tables: { project: … } }`: the name of a property under one of `DATA`. */
function isDataKey(ts, node) {
  const { parent } = node;
  if (!ts.isPropertyAssignment(parent) || parent.name !== node) return false;
  const holder = parent.parent.parent;
  return DATA.has(nameOf(ts, holder));
}

/** The property or the function that takes a literal. */
function roleOf(ts, node) {
  return nameOf(ts, node.parent);
}

function nameOf(ts, holder) {
  if (ts.isPropertyAssignment(holder) || ts.isPropertyDeclaration(holder)) {
    return holder.name.getText();
  }
  if (!ts.isCallExpression(holder)) return undefined;
  const { expression } = holder;
  return ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.getText();
}

/** Texts: their keys are data but for those of the back office, which are addresses. */
function texts(text, spelled) {
  const rename = (value, key) => {
    if (typeof value === 'string') return spelled.prose(value);
    const spell = key === 'entities' ? spelled.address : spelled.data;
    const entries = Object.entries(value).map(([name, inner]) => [
      name.replace(NAME, (of) => spell(of)),
      rename(inner, name),
    ]);
    return Object.fromEntries(entries);
  };
  return JSON.stringify(rename(JSON.parse(text)));
}

/** Handlebars: comments, expressions with literals in them, and markup, which has addresses. */
function markup(text, spelled) {
  return text
    .split(/(\{\{!--[\s\S]*?--\}\}|\{\{[^{}]*\}\})/)
    .map((part) => {
      if (part.startsWith('{{!--')) return about(part, spelled);
      if (part.startsWith('{{')) return expression(part, spelled);
      return part.replace(NAME, (of, at) => {
        if (part[at - 1] !== '/') throw spelled.unknown(part.trim());
        return spelled.address(of);
      });
    })
    .join('');
}

/** `{{!-- What is saved. project --}}`: a sentence, and the names of what the partial is given. */
function about(part, spelled) {
  const end = part.lastIndexOf('. ') + 1;
  return (
    spelled.prose(part.slice(0, end)) +
    part.slice(end).replace(NAME, (of) => spelled.identifier(of))
  );
}

function expression(part, spelled) {
  return part
    .split(/("[^"]*")/)
    .map((each) => {
      if (each.search(NAME) < 0) return each;
      if (each.startsWith('"')) return `"${spelled.literal(each.slice(1, -1))}"`;
      return each.replace(NAME, (of, at) => {
        const isPath = each[at - 1] === '/' || each[at + of.length] === '/';
        return isPath && !each.startsWith('{{/') ? spelled.address(of) : spelled.identifier(of);
      });
    })
    .join('');
}

/** `a project` → `an order`. */
function withArticles(text, one) {
  if (withArticle(one) === `a ${one}`) return text;
  return ['a', 'A'].reduce(
    (all, article) =>
      [' ', "'", '"', '`'].reduce(
        (said, before) =>
          said.replaceAll(`${before}${article} ${one}`, `${before}${article}n ${one}`),
        all,
      ),
    text,
  );
}
