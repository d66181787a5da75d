import type { Canvas2D, Colours, Drawing, Scene, Surface } from "./drawing.js";
import { strokeLine } from "./stroke-line.js";
import { unitVector } from "./unit-vector.js";

const VIEW = 4.6; // m, of an arm that is 2 m long
const LINK_WIDTH = 0.12; // m
const HEIGHT = 1; // m, over the first joint: the free end is to come above it

/** Both links hanging from the first joint, and the height that the free end is to pass. */
export const acrobotDrawing: Drawing = {
  secondsPerStep: 0.2,
  description: "an arm of two links that swings its free end above a line",
  draw({ context, width, height }: Surface, { observation }: Scene, colours: Colours): void {
    const scale = Math.min(width, height) / VIEW;
    context.translate(width / 2, height / 2);
    context.scale(scale, scale);
    context.lineWidth = 0.015;
    context.strokeStyle = colours.line;
    strokeLine(context, [-VIEW / 2, -HEIGHT], [VIEW / 2, -HEIGHT]);
    drawLinks(context, observation, colours);
  },
};

/** Angles are from hanging down, the second from the first link; y points down. */
function drawLinks(context: Canvas2D, observation: ArrayLike<number>, { accent, ink }: Colours): void {
  const [cosine1, sine1] = unitVector(observation[0], observation[1]);
  const [cosine2, sine2] = unitVector(observation[2], observation[3]);
  const elbow = [sine1, cosine1] as const;
  const end = [
    sine1 + sine1 * cosine2 + cosine1 * sine2,
    cosine1 + cosine1 * cosine2 - sine1 * sine2,
  ] as const;
  context.lineWidth = LINK_WIDTH;
  context.lineCap = "round";
  context.strokeStyle = accent;
  strokeLine(context, [0, 0], elbow, end);
  context.fillStyle = ink;
  for (const [x, y] of [[0, 0], elbow] as const) {
    context.beginPath();
    context.arc(x, y, LINK_WIDTH / 2, 0, 2 * Math.PI);
    context.fill();
  }
}
