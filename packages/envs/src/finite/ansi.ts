/** Codes of terminals (ECMA-48, select graphic rendition). */
const CODES = {
  bold: 1,
  blue: 34,
  magenta: 35,
  redBackground: 41,
  greenBackground: 42,
  yellowBackground: 43,
} as const;

/** A way in which a terminal shows text. */
export type AnsiColour = keyof typeof CODES;

/** Text that a terminal shows in these ways, and the text after it as before. */
export function coloured(text: string, ...colours: readonly AnsiColour[]): string {
  return `\u001B[${colours.map((colour) => CODES[colour]).join(";")}m${text}\u001B[0m`;
}
