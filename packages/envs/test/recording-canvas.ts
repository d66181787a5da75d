import type { Canvas2D } from "../src/drawing/drawing.js";

/** What was drawn: a path's points, or a circle's centre, where they are on the surface. */
export interface Mark {
  readonly kind: "stroke" | "fill";
  readonly style: unknown;
  /** On the surface. */
  readonly points: readonly (readonly [number, number])[];
}

type Matrix = readonly [number, number, number, number, number, number];

/** A canvas context that keeps what is drawn, in place of drawing it. */
export class RecordingCanvas implements Canvas2D {
  readonly marks: Mark[] = [];
  lineWidth = 1;
  lineCap = "butt";
  strokeStyle: unknown = "none";
  fillStyle: unknown = "none";
  private matrix: Matrix = [1, 0, 0, 1, 0, 0];
  private readonly saved: Matrix[] = [];
  private path: (readonly [number, number])[] = [];

  save(): void {
    this.saved.push(this.matrix);
  }
  restore(): void {
    this.matrix = this.saved.pop() ?? this.matrix;
  }
  translate(x: number, y: number): void {
    this.transform(1, 0, 0, 1, x, y);
  }
  scale(x: number, y: number): void {
    this.transform(x, 0, 0, y, 0, 0);
  }
  rotate(angle: number): void {
    this.transform(Math.cos(angle), Math.sin(angle), -Math.sin(angle), Math.cos(angle), 0, 0);
  }
  transform(a: number, b: number, c: number, d: number, e: number, f: number): void {
    const [ma, mb, mc, md, me, mf] = this.matrix;
    this.matrix = [
      ma * a + mc * b,
      mb * a + md * b,
      ma * c + mc * d,
      mb * c + md * d,
      ma * e + mc * f + me,
      mb * e + md * f + mf,
    ];
  }
  beginPath(): void {
    this.path = [];
  }
  closePath(): void {
    this.path.push(this.path[0]);
  }
  moveTo(x: number, y: number): void {
    this.path.push(this.placed(x, y));
  }
  lineTo(x: number, y: number): void {
    this.path.push(this.placed(x, y));
  }
  arc(x: number, y: number): void {
    this.path.push(this.placed(x, y));
  }
  roundRect(x: number, y: number, width: number, height: number): void {
    this.path.push(this.placed(x, y), this.placed(x + width, y + height));
  }
  fillRect(x: number, y: number, width: number, height: number): void {
    const points = [this.placed(x, y), this.placed(x + width, y + height)];
    this.marks.push({ kind: "fill", style: this.fillStyle, points });
  }
  stroke(): void {
    this.marks.push({ kind: "stroke", style: this.strokeStyle, points: this.path });
  }
  fill(): void {
    this.marks.push({ kind: "fill", style: this.fillStyle, points: this.path });
  }
  setLineDash(): void {
    // Dashes are not kept.
  }

  private placed(x: number, y: number): readonly [number, number] {
    const [a, b, c, d, e, f] = this.matrix;
    return [a * x + c * y + e, b * x + d * y + f];
  }
}
