import { Injectable } from '@nestjs/common';
import { ApiDocument } from '../core/http/api/api-document.js';
import type { OpenApi } from './reference/open-api.js';
import { resourcesOf, type Operation, type Resource } from './reference/resource.presenter.js';
import { codeOf, textOf, type Code } from './samples/code.js';
import { webhookEventsOf, type WebhookEvents } from './reference/webhook-events.js';

/** What the pages show of the API's document. The document never changes, so that this is made once. */
@Injectable()
export class ApiReference {
  private made?: { resources: Resource[]; events: WebhookEvents | null };

  constructor(private readonly api: ApiDocument) {}

  get document(): OpenApi {
    return this.api.json as unknown as OpenApi;
  }

  get baseUrl(): string {
    return this.document.servers[0]?.url ?? '';
  }

  get resources(): readonly Resource[] {
    return this.content.resources;
  }

  get events(): WebhookEvents | null {
    return this.content.events;
  }

  /** The operation of that id, where a feature has it. */
  operation(id: string): Operation | undefined {
    return this.operations.find((operation) => operation.id === id);
  }

  get operations(): Operation[] {
    return this.resources.flatMap(({ operations }) => operations);
  }

  /**
   * A request that a key with these scopes may send, for a shell: one that reads a list or a single thing where
   * there is one. Null where no operation takes any of them.
   * @param secret the key, which stands in it
   */
  curlFor(scopes: readonly string[], secret: string): Code | null {
    const open = this.operations.filter(({ access }) => scopes.includes(access.scope ?? ''));
    const plain = open.find(({ method, parameters }) => {
      return method === 'GET' && !parameters.some(({ isRequired }) => isRequired);
    });
    const [curl] = (plain ?? open[0])?.requests ?? [];
    return curl
      ? codeOf(
          'curl',
          textOf(curl).replace('$API_KEY', () => secret),
        )
      : null;
  }

  /** Operations that take such a header. */
  withHeader(name: string): Operation[] {
    return this.operations.filter(({ parameters }) =>
      parameters.some((each) => each.place === 'header' && each.name === name),
    );
  }

  private get content() {
    return (this.made ??= {
      resources: resourcesOf(this.document),
      events: webhookEventsOf(this.document),
    });
  }
}
