/** What drawings use of a canvas context in two dimensions: that of a browser, or of a canvas package in Node.js. */
export interface Canvas2D {
  lineWidth: number;
  lineCap: string;
  strokeStyle: unknown;
  fillStyle: unknown;
  save(): void;
  restore(): void;
  translate(x: number, y: number): void;
  scale(x: number, y: number): void;
  rotate(angle: number): void;
  transform(a: number, b: number, c: number, d: number, e: number, f: number): void;
  beginPath(): void;
  closePath(): void;
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  arc(x: number, y: number, radius: number, from: number, to: number, counterclockwise?: boolean): void;
  roundRect(x: number, y: number, width: number, height: number, radius: number): void;
  stroke(): void;
  fill(): void;
  fillRect(x: number, y: number, width: number, height: number): void;
  setLineDash(lengths: number[]): void;
}

/** A canvas to draw on, which is empty: 0 … width to the right and 0 … height down. */
export interface Surface {
  readonly context: Canvas2D;
  readonly width: number;
  readonly height: number;
}

/** What a drawing shows. */
export interface Scene {
  /** As the environment gives it; between two steps it may be in proportion. */
  readonly observation: ArrayLike<number>;
  /** The action under way, a discrete one as its number; zeros at the beginning. */
  readonly action: ArrayLike<number>;
}

/** The colours of a drawing, as a canvas takes them. */
export interface Colours {
  /** Heavy things. */
  readonly ink: string;
  /** Marks. */
  readonly muted: string;
  /** Thin lines. */
  readonly line: string;
  /** What the eye should follow. */
  readonly accent: string;
  /** The background. */
  readonly surface: string;
}

/** How one environment is drawn. */
export interface Drawing {
  /** How long a step takes where it happens, in s. */
  readonly secondsPerStep: number;
  /** The scene in words, for those who do not see it. */
  readonly description: string;
  /** Draws the scene over the whole surface; what it changes of the context's transform and styles stays changed. */
  draw(surface: Surface, scene: Scene, colours: Colours): void;
}
