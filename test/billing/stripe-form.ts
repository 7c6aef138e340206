export interface Form {
  [name: string]: string | Form | undefined;
}

/** A body as the SDK sends it: `items[0][price]=price_1`. */
export function readForm(text: string): Form {
  const form: Form = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const keys = [...name.matchAll(/[^[\]]+/g)].map(([key]) => key);
    const last = name.endsWith('[]') ? null : keys.pop()!;
    let at = form;
    for (const key of keys) at = (at[key] ??= {}) as Form;
    at[last ?? Object.keys(at).length] = value;
  }
  return form;
}
