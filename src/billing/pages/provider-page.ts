/**
 * Where to send somebody who goes to a page of the provider. The sandbox runs in this process: its pages are
 * asked by path, so that they are found under whatever name the application is reached.
 */
export function providerPage(url: string, appUrl: string): string {
  const { origin, pathname, search } = new URL(url);
  return origin === new URL(appUrl).origin ? `${pathname}${search}` : url;
}
