import type { Canvas2D } from "./drawing.js";

/** Draws the line through the points, in the style that the context has. */
export function strokeLine(context: Canvas2D, ...points: readonly (readonly [number, number])[]): void {
  context.beginPath();
  points.forEach(([x, y], i) => {
    if (i === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  });
  context.stroke();
}
