const PLAIN = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const ACCENTED = Array.from('áƀçðéƒĝĥíĵķļɱñóþɋřšţúṽŵẋýžÁƁÇÐÉƑĜĤÍĴĶĻṀÑÓÞɊŘŠŢÚṼŴẊÝŽ');

/** `Log in` → `[Ļóĝ íñ ~~]`: readable, recognisable and a third longer, like German. */
export function pseudo(text: string): string {
  const letters = Array.from(text, (letter) => {
    const at = PLAIN.indexOf(letter);
    return at === -1 ? letter : ACCENTED[at];
  });
  return `[${letters.join('')} ${'~'.repeat(Math.ceil(text.length / 3))}]`;
}
