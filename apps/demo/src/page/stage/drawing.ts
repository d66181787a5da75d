import type { Palette } from "../palette.js";

/** A canvas to draw on, in CSS pixels; it is empty when a drawing gets it. */
export interface Surface {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
}

/** What a drawing shows. */
export interface Scene {
  /** As the environment gives it; between two steps, in proportion. */
  readonly observation: ArrayLike<number>;
  /** The action under way; a discrete one as its number. */
  readonly action: ArrayLike<number>;
}

/** How one environment is shown. */
export interface Drawing {
  /** How long a step takes where it happens, in s. */
  readonly secondsPerStep: number;
  /** The scene in words, for those who do not see it. */
  readonly description: string;
  draw(surface: Surface, scene: Scene, palette: Palette): void;
}
