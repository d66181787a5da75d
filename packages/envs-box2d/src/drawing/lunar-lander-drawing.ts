import { cos, sin } from "@uphill/core-math";
import type { Canvas2D, Colours, Drawing, Scene, Surface } from "@uphill/envs";
import type { Powers } from "../internal/controls.js";
import { HULL, LEG } from "../internal/lander-world.js";
import { HEIGHT, LEG_DROP, PAD_HEIGHT, PIXELS, STEP_RATE, WIDTH } from "../internal/metres.js";

const VIEW_HEIGHT = HEIGHT + 2; // m: the lander starts where Gymnasium's window ends
const PAD = { half: 2, height: 0.99 * PAD_HEIGHT }; // m
const FLAG = 50 / PIXELS; // m
/** How far a leg stands off the lander in flight, rad. */
const LEG_ANGLE = 0.35;

type Point = readonly [number, number];

/**
 * The lander with the flames of its engines, over the pad between two flags, to scale. The ground beside the pad is not
 * in an observation: the dashed line is the pad's height.
 *
 * @param powers - Of the engines, for an action.
 */
export function lunarLanderDrawing(powers: (action: ArrayLike<number>) => Powers): Drawing {
  return {
    secondsPerStep: 1 / STEP_RATE,
    description: "a lander that sinks towards a pad between two flags",
    draw({ context, width, height }: Surface, { observation, action }: Scene, colours: Colours): void {
      const scale = Math.min(width / WIDTH, height / VIEW_HEIGHT);
      context.translate(width / 2, height);
      context.scale(scale, -scale); // upwards
      drawPad(context, colours);
      const [x, y, , , angle, , right, left] = Array.from(observation);
      context.translate((x * WIDTH) / 2, PAD_HEIGHT + LEG_DROP + (y * HEIGHT) / 2);
      context.rotate(angle);
      drawFlames(context, powers(action), colours);
      drawLeg(context, 1, right, colours);
      drawLeg(context, -1, left, colours);
      context.fillStyle = colours.accent;
      fillShape(context, HULL);
    },
  };
}

function drawPad(context: Canvas2D, { ink, line, muted }: Colours): void {
  context.lineWidth = 0.04;
  context.strokeStyle = line;
  context.setLineDash([0.2, 0.2]);
  strokePath(context, [[-WIDTH / 2, PAD.height], [WIDTH / 2, PAD.height]]);
  context.setLineDash([]);
  context.fillStyle = line;
  context.fillRect(-PAD.half, 0, 2 * PAD.half, PAD.height);
  context.strokeStyle = ink;
  context.lineWidth = 0.08;
  strokePath(context, [[-PAD.half, PAD.height], [PAD.half, PAD.height]]);
  context.strokeStyle = muted;
  context.fillStyle = muted;
  context.lineWidth = 0.04;
  for (const x of [-PAD.half, PAD.half]) {
    const top = PAD.height + FLAG;
    strokePath(context, [[x, PAD.height], [x, top]]);
    fillShape(context, [[x, top], [x, top - 0.33], [x + 0.8, top - 0.17]]);
  }
}

/** A leg as it stands in flight, on the right (1) or the left (−1); one that touches the ground is heavier. */
function drawLeg(context: Canvas2D, side: number, touching: number, { ink, muted }: Colours): void {
  const angle = side * LEG_ANGLE;
  const turned = ([x, y]: Point): Point => [x * cos(angle) - y * sin(angle), x * sin(angle) + y * cos(angle)];
  const [left, right] = [side * LEG.away - LEG.width, side * LEG.away + LEG.width];
  const [bottom, top] = [-LEG_DROP - LEG.height, -LEG_DROP + LEG.height];
  const corners: readonly Point[] = [[left, bottom], [right, bottom], [right, top], [left, top]];
  context.fillStyle = touching > 0.5 ? ink : muted;
  fillShape(context, corners.map(turned));
}

/** The left engine pushes to the right, so its flame is on the left. */
function drawFlames(context: Canvas2D, { main, side }: Powers, { ink }: Colours): void {
  context.lineCap = "round";
  context.strokeStyle = ink;
  context.lineWidth = 0.16;
  if (main > 0) strokePath(context, [[0, -0.45], [0, -0.45 - 0.8 * main]]);
  const [from, to] = [0.6 * Math.sign(side), 0.6 * Math.sign(side) + 0.4 * side];
  if (side !== 0) strokePath(context, [[from, 0.35], [to, 0.35]]);
}

function strokePath(context: Canvas2D, points: readonly Point[]): void {
  trace(context, points);
  context.stroke();
}

function fillShape(context: Canvas2D, points: readonly Point[]): void {
  trace(context, points);
  context.closePath();
  context.fill();
}

function trace(context: Canvas2D, points: readonly Point[]): void {
  context.beginPath();
  points.forEach(([x, y], i) => {
    if (i === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  });
}
