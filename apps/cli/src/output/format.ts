/** 1,234,567 in every locale. */
export function count(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: 0 });
}

/** One digit after the point, or more where the number is small: `487.3`, `0.0123`. */
export function number(value: number): string {
  const size = Math.abs(value);
  return size >= 10 || size === 0 ? value.toFixed(1) : value.toPrecision(3);
}

/** `487.3 ± 12.1`. */
export function spread(mean: number, standardDeviation: number): string {
  return `${number(mean)} ± ${number(standardDeviation)}`;
}

/** `12.3 s`. */
export function seconds(elapsedMs: number): string {
  return `${(elapsedMs / 1000).toFixed(1)} s`;
}

/** A text of parts with `, ` between, without as many of the last ones as do not fit into so many characters. */
export function withoutParts(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = text.lastIndexOf(", ", most);
  return end === -1 ? text : text.slice(0, end);
}
