/**
 * A mail: its subject is `<feature>.mail.<name>.subject`, its views `views/<feature>/mail/<name>.hbs` and
 * `<name>.text.hbs`. `Model`: the values of all three. Its texts are shown so that no mail client makes links of them,
 * except `email` and what ends in `url`.
 */
export interface MailDeclaration<Model extends object = object> {
  /** For the type alone. */
  model?: Model;
}

/** Declares a mail with the type of its model. */
export function mail<Model extends object>(): MailDeclaration<Model> {
  return {};
}
