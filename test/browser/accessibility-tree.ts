import type { Page } from 'playwright-core';

/** A node of Chromium's accessibility tree. */
export interface Told {
  role: string;
  name: string;
  description: string;
  isFocused: boolean;
}

interface Value {
  value?: unknown;
}
interface Node {
  ignored: boolean;
  role?: Value;
  name?: Value;
  description?: Value;
  properties?: { name: string; value: Value }[];
}

/** The nodes that a screen reader finds, in order. */
export async function accessibilityTree(page: Page): Promise<Told[]> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = (await session.send('Accessibility.getFullAXTree')) as { nodes: Node[] };
  await session.detach();
  return nodes.filter(({ ignored }) => !ignored).map(told);
}

/** Names of the nodes with one of these roles. */
export async function namesOf(page: Page, ...roles: string[]): Promise<string[]> {
  const all = await accessibilityTree(page);
  return all.filter(({ role }) => roles.includes(role)).map(({ name }) => name);
}

export async function focused(page: Page): Promise<Told | undefined> {
  const all = await accessibilityTree(page);
  return all.filter(({ isFocused }) => isFocused).find(({ role }) => role !== 'RootWebArea');
}

function told({ role, name, description, properties = [] }: Node): Told {
  return {
    role: textOf(role),
    name: textOf(name),
    description: textOf(description),
    isFocused: properties.some((property) => property.name === 'focused' && property.value.value),
  };
}

function textOf(value: Value | undefined): string {
  return typeof value?.value === 'string' ? value.value : '';
}
