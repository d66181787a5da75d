import { cos, sin } from "@uphill/core-math";
import type { Canvas2D, Colours, Drawing, Scene, Surface } from "./drawing.js";
import { strokeLine } from "./stroke-line.js";
import { unitVector } from "./unit-vector.js";

const LEFTMOST = -1.2;
const RIGHTMOST = 0.6;
const MIDDLE = (LEFTMOST + RIGHTMOST) / 2;
const VIEW_WIDTH = 2;
const VIEW_HEIGHT = 1.4;
const CAR = { width: 0.13, height: 0.05, wheel: 0.022 };
const POLE = 0.16;

/**
 * The valley, the flag and the car.
 *
 * @param goal - Position of the flag.
 */
export function mountainCarDrawing(goal: number): Drawing {
  return {
    secondsPerStep: 1 / 30,
    description: "a car in a valley that swings up to the flag on the right",
    draw({ context, width, height }: Surface, { observation }: Scene, colours: Colours): void {
      const scale = Math.min(width / VIEW_WIDTH, height / VIEW_HEIGHT);
      context.translate(width / 2, height / 2 + (scale * VIEW_HEIGHT) / 2 - 0.05 * scale);
      context.scale(scale, scale);
      drawValley(context, colours);
      drawFlag(context, goal, colours);
      drawCar(context, observation[0], colours);
    },
  };
}

/** The point of the valley's floor at a position; y points down. */
function floor(position: number): readonly [number, number] {
  return [position - MIDDLE, -(0.45 * sin(3 * position) + 0.55)];
}

function drawValley(context: Canvas2D, { line }: Colours): void {
  context.lineWidth = 0.012;
  context.strokeStyle = line;
  strokeLine(context, ...Array.from({ length: 61 }, (_, i) => floor(LEFTMOST + ((RIGHTMOST - LEFTMOST) * i) / 60)));
}

function drawFlag(context: Canvas2D, goal: number, { muted }: Colours): void {
  const [x, y] = floor(goal);
  context.lineWidth = 0.01;
  context.strokeStyle = muted;
  strokeLine(context, [x, y], [x, y - POLE]);
  context.fillStyle = muted;
  context.beginPath();
  context.moveTo(x, y - POLE);
  context.lineTo(x + 0.08, y - POLE + 0.025);
  context.lineTo(x, y - POLE + 0.05);
  context.closePath();
  context.fill();
}

function drawCar(context: Canvas2D, position: number, { accent, ink }: Colours): void {
  const [x, y] = floor(position);
  // Along the slope, and at right angles to it.
  const [across, rise] = unitVector(1, -1.35 * cos(3 * position));
  context.save();
  context.transform(across, rise, -rise, across, x, y);
  context.fillStyle = accent;
  context.fillRect(-CAR.width / 2, -CAR.height - CAR.wheel, CAR.width, CAR.height);
  context.fillStyle = ink;
  for (const wheel of [-CAR.width / 4, CAR.width / 4]) {
    context.beginPath();
    context.arc(wheel, -CAR.wheel, CAR.wheel, 0, 2 * Math.PI);
    context.fill();
  }
  context.restore();
}
