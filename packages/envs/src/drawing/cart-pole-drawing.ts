import { cos, sin } from "@uphill/core-math";
import type { Canvas2D, Colours, Drawing, Scene, Surface } from "./drawing.js";
import { strokeLine } from "./stroke-line.js";

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
  draw({ context, width, height }: Surface, { observation }: Scene, colours: Colours): void {
    const scale = Math.min(width / VIEW_WIDTH, height / VIEW_HEIGHT);
    context.translate(width / 2, TRACK * height);
    context.scale(scale, scale);
    drawTrack(context, width / scale, colours);
    context.translate(observation[0], 0);
    drawPoleLimits(context, colours);
    drawCart(context, colours);
    drawPole(context, observation[2], colours);
  },
};

function drawTrack(context: Canvas2D, length: number, { line, muted }: Colours): void {
  context.lineWidth = 0.012;
  context.strokeStyle = line;
  strokeLine(context, [-length / 2, 0], [length / 2, 0]);
  context.strokeStyle = muted;
  for (const end of [-MAX_POSITION, MAX_POSITION]) strokeLine(context, [end, -0.09], [end, 0.09]);
}

/** Beyond these two lines the pole has fallen. */
function drawPoleLimits(context: Canvas2D, { line }: Colours): void {
  context.lineWidth = 0.01;
  context.strokeStyle = line;
  context.setLineDash([0.04, 0.04]);
  for (const angle of [-MAX_ANGLE, MAX_ANGLE]) strokeLine(context, [0, 0], tip(angle, 1.12 * POLE_LENGTH));
  context.setLineDash([]);
}

function drawCart(context: Canvas2D, { ink }: Colours): void {
  context.fillStyle = ink;
  context.beginPath();
  context.roundRect(-CART.width / 2, -CART.height / 2, CART.width, CART.height, 0.04);
  context.fill();
}

function drawPole(context: Canvas2D, angle: number, { accent, surface }: Colours): void {
  context.lineWidth = 0.085;
  context.lineCap = "round";
  context.strokeStyle = accent;
  strokeLine(context, [0, 0], tip(angle, POLE_LENGTH));
  context.fillStyle = surface;
  context.beginPath();
  context.arc(0, 0, 0.022, 0, 2 * Math.PI);
  context.fill();
}

/** The end of a pole of that angle from upright, clockwise; y points down. */
function tip(angle: number, length: number): readonly [number, number] {
  return [length * sin(angle), -length * cos(angle)];
}
