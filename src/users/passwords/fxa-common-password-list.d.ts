declare module 'fxa-common-password-list' {
  /** Whether a password of eight characters or more is among the most used ones. */
  function test(password: string): boolean;
  const list: { test: typeof test };
  export default list;
}
