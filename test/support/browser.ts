import type { Server } from 'node:http';
import { parse, type HTMLElement } from 'node-html-parser';
import request, { type Response, type Test as Call } from 'supertest';

/** What came back, read as a person would. */
export class Sight {
  readonly document: HTMLElement;

  constructor(readonly response: Response) {
    this.document = parse(response.text ?? '');
  }

  get status(): number {
    return this.response.status;
  }

  /** Where a redirect leads. */
  get location(): string | undefined {
    return this.response.get('location');
  }

  /** Visible text, white space folded. */
  get text(): string {
    return (this.document.querySelector('main') ?? this.document).textContent
      .replace(/\s+/g, ' ')
      .trim();
  }

  get title(): string {
    return this.document.querySelector('title')?.textContent.trim() ?? '';
  }

  /** Text of the element, empty when there is none; without what a button has to open first. */
  at(selector: string): string {
    const found = this.document.querySelector(selector);
    if (!found) return '';
    const closed = found.querySelectorAll('[popover]').map((each) => each.textContent);
    const text = closed.reduce((all, each) => all.replace(each, ''), found.textContent);
    return text.replace(/\s+/g, ' ').trim();
  }

  /** What a field holds now. */
  value(name: string): string | undefined {
    const field =
      this.document.querySelector(`main [name="${name}"]`) ??
      this.document.querySelector(`[name="${name}"]`);
    if (field?.tagName === 'SELECT') {
      return field.querySelector('option[selected]')?.getAttribute('value') ?? '';
    }
    return field?.tagName === 'TEXTAREA' ? typedInto(field) : field?.getAttribute('value');
  }

  /** The message tied to a field by aria-describedby. */
  errorOf(name: string): string {
    const field = this.document.querySelector(`[name="${name}"][aria-invalid="true"]`);
    const ids = field?.getAttribute('aria-describedby')?.split(/\s+/) ?? [];
    return ids
      .map((id) => this.document.getElementById(id)?.textContent ?? '')
      .join(' ')
      .replace(/\s+/g, ' ')
      .trim();
  }

  /** The hidden and given values of the form that posts to `action`. */
  form(action: string): Record<string, string> {
    const forms = this.document
      .querySelectorAll('form')
      .filter((each) => sameAddress(each.getAttribute('action'), action));
    // A list is asked for at the same address as what is done in it.
    const form = forms.find((each) => each.getAttribute('method') === 'post') ?? forms[0];
    if (!form) throw new Error(`There is no form to ${action} on "${this.title}" (${this.status})`);
    const values: Record<string, string> = {};
    for (const field of form.querySelectorAll('input')) {
      const name = field.getAttribute('name');
      const type = field.getAttribute('type') ?? 'text';
      if (!name || ['file', 'submit'].includes(type)) continue;
      if (['checkbox', 'radio'].includes(type) && !field.hasAttribute('checked')) continue;
      values[name] = field.getAttribute('value') ?? '';
    }
    for (const select of form.querySelectorAll('select')) {
      const name = select.getAttribute('name');
      if (name)
        values[name] = select.querySelector('option[selected]')?.getAttribute('value') ?? '';
    }
    for (const area of form.querySelectorAll('textarea')) {
      const name = area.getAttribute('name');
      if (name) values[name] = typedInto(area);
    }
    return values;
  }
}

/** A line break right after the tag is not part of the text (HTML §13.1.2.5). */
function typedInto(area: HTMLElement): string {
  return area.textContent.replace(/^\n/, '');
}

/** A browser: keeps cookies, fills in forms, follows redirects only when told to. */
export class Browser {
  readonly agent: ReturnType<typeof request.agent>;
  private last?: Sight;
  private readonly headers: Record<string, string> = {};

  constructor(server: Server) {
    this.agent = request.agent(server);
  }

  /** Sends this header with every request from now on. */
  with(name: string, value: string): this {
    this.headers[name] = value;
    return this;
  }

  /** Opens an address; the answer may be a redirect. */
  async visit(path: string): Promise<Sight> {
    return this.see(this.agent.get(path));
  }

  /** Opens an address and goes wherever it leads. */
  async arrive(path: string): Promise<Sight> {
    return this.follow(await this.visit(path));
  }

  /** Goes wherever a redirect leads, ten times at most. */
  async follow(sight: Sight): Promise<Sight> {
    let seen = sight;
    for (let hops = 0; seen.location && hops < 10; hops++) seen = await this.visit(seen.location);
    return seen;
  }

  /** Fills in and sends the form to `action` of the page seen last; hidden fields go along. */
  async submit(action: string, values: Record<string, string> = {}): Promise<Sight> {
    if (!this.last) throw new Error('No page has been opened yet');
    const filled = { ...this.last.form(action), ...values };
    return this.see(this.agent.post(action).type('form').send(filled));
  }

  /** Opens the page at `path` and sends its form to the same address. */
  async fill(path: string, values: Record<string, string> = {}): Promise<Sight> {
    await this.visit(path);
    return this.submit(path.split('?')[0]!, values);
  }

  /** A form of the page seen last, with a file, as a browser sends it. */
  async upload(
    action: string,
    file: { field: string; name: string; bytes: Buffer; type: string },
    values: Record<string, string> = {},
  ): Promise<Sight> {
    if (!this.last) throw new Error('No page has been opened yet');
    const call = this.agent.post(action);
    for (const [name, value] of Object.entries({ ...this.last.form(action), ...values })) {
      void call.field(name, value);
    }
    void call.attach(file.field, file.bytes, { filename: file.name, contentType: file.type });
    return this.see(call);
  }

  /** Opens a mailed link and presses its button, where there is one. */
  async press(path: string, values: Record<string, string> = {}): Promise<Sight> {
    const page = await this.visit(path);
    const hasButton = page.document.querySelector(`form[action="${path}"]`) !== null;
    return hasButton ? this.submit(path, values) : page;
  }

  /** A request no form of ours makes, with a valid token. */
  async post(path: string, values: Record<string, string> = {}): Promise<Sight> {
    // First the token: a request takes along the cookies of the moment it is begun.
    const _csrf = await this.token();
    return this.see(
      this.agent
        .post(path)
        .type('form')
        .send({ _csrf, ...values }),
    );
  }

  /** The CSRF token of this browser. */
  async token(): Promise<string> {
    const sight = new Sight(await this.call(this.agent.get('/password-reset/')));
    return sight.value('_csrf') ?? '';
  }

  cookie(name: string): string | undefined {
    const cookie = this.agent.jar.getCookie(`atrium_${name}`, {
      domain: '127.0.0.1',
      path: '/',
      secure: false,
      script: false,
    });
    return cookie?.value;
  }

  private async see(call: Call): Promise<Sight> {
    const sight = new Sight(await this.call(call));
    if (sight.status !== 303 && sight.status !== 302) this.last = sight;
    return sight;
  }

  private call(call: Call): Call {
    for (const [name, value] of Object.entries(this.headers)) void call.set(name, value);
    return call.redirects(0).ok(() => true);
  }
}

function sameAddress(one: string | undefined, other: string): boolean {
  const plain = (path: string | undefined) => path?.replace(/\/+$/, '');
  return plain(one) === plain(other);
}
