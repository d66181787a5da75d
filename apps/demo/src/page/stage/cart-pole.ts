import type { Palette } from "../palette.js";
import type { Drawing, Scene, Surface } from "./drawing.js";

const MAX_POSITION = 2.4; // m, where the episode ends
const MAX_ANGLE = (12 * Math.PI) / 180; // rad, likewise
const VIEW_WIDTH = 5.6; // m
const VIEW_HEIGHT = 2; // m
const POLE_LENGTH = 1; // m
const CART = { width: 0.5, height: 0.26 }; // m
const TRACK = 0.7; // of the height, from the top

/** The cart on its track and the pole on the cart, to scale, with the limits of both. */
export const cartPoleDrawing: Drawing = {
  secondsPerStep: 0.02,
  description: "a cart on a track that balances a pole",
  draw({ context, width, height }: Surface, { observation }: Scene, palette: Palette): void {
    const scale = Math.min(width / VIEW_WIDTH, height / VIEW_HEIGHT);
    context.translate(width / 2, TRACK * height);
    context.scale(scale, scale);
    drawTrack(context, width / scale, palette);
    context.translate(observation[0], 0);
    drawPoleLimits(context, palette);
    drawCart(context, palette);
    drawPole(context, observation[2], palette);
  },
};

function drawTrack(context: CanvasRenderingContext2D, length: number, { line, muted }: Palette): void {
  context.lineWidth = 0.012;
  context.strokeStyle = line;
  stroke(context, [-length / 2, 0], [length / 2, 0]);
  context.strokeStyle = muted;
  for (const end of [-MAX_POSITION, MAX_POSITION]) stroke(context, [end, -0.09], [end, 0.09]);
}

/** Beyond these two lines the pole has fallen. */
function drawPoleLimits(context: CanvasRenderingContext2D, { line }: Palette): void {
  context.lineWidth = 0.01;
  context.strokeStyle = line;
  context.setLineDash([0.04, 0.04]);
  for (const angle of [-MAX_ANGLE, MAX_ANGLE]) stroke(context, [0, 0], tip(angle, 1.12 * POLE_LENGTH));
  context.setLineDash([]);
}

function drawCart(context: CanvasRenderingContext2D, { ink }: Palette): void {
  context.fillStyle = ink;
  context.beginPath();
  context.roundRect(-CART.width / 2, -CART.height / 2, CART.width, CART.height, 0.04);
  context.fill();
}

function drawPole(context: CanvasRenderingContext2D, angle: number, { accent, surface }: Palette): void {
  context.lineWidth = 0.085;
  context.lineCap = "round";
  context.strokeStyle = accent;
  stroke(context, [0, 0], tip(angle, POLE_LENGTH));
  context.fillStyle = surface;
  context.beginPath();
  context.arc(0, 0, 0.022, 0, 2 * Math.PI);
  context.fill();
}

/** The end of a pole of that angle from upright, clockwise; y points down. */
function tip(angle: number, length: number): readonly [number, number] {
  return [length * Math.sin(angle), -length * Math.cos(angle)];
}

function stroke(
  context: CanvasRenderingContext2D,
  from: readonly [number, number],
  to: readonly [number, number],
): void {
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  context.stroke();
}
