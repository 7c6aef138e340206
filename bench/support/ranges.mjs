/** `1.2 (1.0–1.4)`: median, least and most. */
export function range(numbers, digits = 1) {
  const shown = (number) => number.toFixed(digits);
  return `${shown(median(numbers))} (${shown(Math.min(...numbers))}–${shown(Math.max(...numbers))})`;
}

export function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
