declare module 'pg/lib/utils.js' {
  const utils: {
    /** What pg sends of a value: text, or the bytes of a Buffer. @throws for objects that are no JSON */
    prepareValue(value: unknown): string | Buffer | null;
  };
  export default utils;
}
