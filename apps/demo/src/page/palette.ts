import type { Colours } from "@uphill/envs";

/** The colours that canvases draw with: those of the style sheet, in the scheme that holds. */
export type Palette = Colours;

const names = ["ink", "muted", "line", "accent", "surface"] as const;

/** The palette as the style sheet has it now. */
export function currentPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const entries = names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()] as const);
  return Object.fromEntries(entries) as unknown as Palette;
}

/** Calls back with the palette whenever the scheme turns light or dark. */
export function onPaletteChange(listener: (palette: Palette) => void): void {
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  scheme.addEventListener("change", () => listener(currentPalette()));
}
