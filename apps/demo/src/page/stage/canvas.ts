import type { Surface } from "@uphill/envs";

/**
 * Keeps a canvas as sharp as the screen, whatever its size on the page.
 *
 * @param canvas - Its size on the page is the style sheet's.
 * @param redraw - Called where the size has changed, since that empties the canvas.
 * @returns Empties the canvas and gives it to draw on; undefined while it has no size.
 */
export function sharpCanvas(canvas: HTMLCanvasElement, redraw: () => void): () => Surface | undefined {
  const context = canvas.getContext("2d");
  new ResizeObserver(redraw).observe(canvas);
  return () => {
    const { clientWidth: width, clientHeight: height } = canvas;
    if (context === null || width === 0 || height === 0) return undefined;
    const density = devicePixelRatio;
    const [pixelWidth, pixelHeight] = [Math.round(width * density), Math.round(height * density)];
    if (canvas.width !== pixelWidth || canvas.height !== pixelHeight) {
      canvas.width = pixelWidth;
      canvas.height = pixelHeight;
    }
    context.reset();
    context.scale(density, density);
    return { context, width, height };
  };
}
