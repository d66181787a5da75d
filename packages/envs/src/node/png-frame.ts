import { OptionError, requireFinite, requireInteger, requireObject, StateError } from "@uphill/core-math";
import type * as canvasTypes from "@napi-rs/canvas";
import type { Colours, Drawing, Scene } from "../drawing/drawing.js";

/** What {@link pngFrame} takes besides the scene. */
export interface PngFrameOptions {
  /** Width in pixels, an integer in [1, 8192]. Default 600. */
  readonly width?: number;
  /** Height in pixels, an integer in [1, 8192]. Default 400. */
  readonly height?: number;
  /** The colours, as a style sheet writes them. Default dark on white. */
  readonly colours?: Colours;
}

const DARK_ON_WHITE: Colours = {
  ink: "#1f2328",
  muted: "#8a929b",
  line: "#c4cad1",
  accent: "#c2560c",
  surface: "#ffffff",
};

/**
 * A picture of a scene as a PNG file. It needs the optional package `@napi-rs/canvas`.
 *
 * @param drawing - How the environment is drawn: its definition's `drawing`.
 * @param scene - The observation, and the action under way.
 * @param options - Size and colours.
 * @returns The file's bytes.
 * @throws OptionError for sizes out of range, or where the environment has no drawing; NumericalError for an observation
 *   that is not finite; StateError where the package is not installed.
 */
export async function pngFrame(
  drawing: Drawing | undefined,
  scene: Scene,
  options: PngFrameOptions = {},
): Promise<Uint8Array> {
  if (drawing === undefined) throw new OptionError("drawing: expected an environment that has one, got undefined");
  requireObject("options", options);
  const width = requireInteger("width", options.width ?? 600, { least: 1, most: 8192 });
  const height = requireInteger("height", options.height ?? 400, { least: 1, most: 8192 });
  requireObject("scene", scene);
  const { observation } = scene;
  requireFinite("observation", observation, [observation.length]);
  const { createCanvas } = await canvasPackage();
  const canvas = createCanvas(width, height);
  const context = canvas.getContext("2d");
  const colours = options.colours ?? DARK_ON_WHITE;
  context.fillStyle = colours.surface;
  context.fillRect(0, 0, width, height);
  drawing.draw({ context, width, height }, scene, colours);
  return canvas.toBuffer("image/png");
}

async function canvasPackage(): Promise<typeof canvasTypes> {
  try {
    return await import("@napi-rs/canvas");
  } catch (cause) {
    throw new StateError("pngFrame: expected the package @napi-rs/canvas to be installed", { cause });
  }
}
