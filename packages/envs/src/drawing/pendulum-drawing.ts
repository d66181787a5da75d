import { cos, sin } from "@uphill/core-math";
import type { Canvas2D, Colours, Drawing, Scene, Surface } from "./drawing.js";
import { strokeLine } from "./stroke-line.js";
import { unitVector } from "./unit-vector.js";

const VIEW = 2.6; // m, of a pendulum that is 1 m long
const MAX_TORQUE = 2; // N m
const TORQUE_RADIUS = 0.42; // m
const MAX_SWEEP = 0.75 * Math.PI; // rad, the arc of the largest torque
const ROD_WIDTH = 0.09; // m
const DOWN = Math.PI / 2; // on a canvas, where angles turn clockwise

/** The pendulum, and the torque at its joint as an arc in the sense in which it turns. */
export const pendulumDrawing: Drawing = {
  secondsPerStep: 0.05,
  description: "a pendulum that is swung up by the torque at its joint",
  draw({ context, width, height }: Surface, { observation, action }: Scene, colours: Colours): void {
    const scale = Math.min(width, height) / VIEW;
    context.translate(width / 2, height / 2);
    context.scale(scale, scale);
    drawCircle(context, colours);
    drawTorque(context, action[0], colours);
    drawRod(context, unitVector(observation[0], observation[1]), colours);
  },
};

/** The way of the tip, with a mark where it should be. */
function drawCircle(context: Canvas2D, { line, muted }: Colours): void {
  context.lineWidth = 0.01;
  context.strokeStyle = line;
  context.beginPath();
  context.arc(0, 0, 1, 0, 2 * Math.PI);
  context.stroke();
  context.strokeStyle = muted;
  strokeLine(context, [0, -1.06], [0, -1.16]);
}

/** From below, where the pendulum is not once it stands. Positive torque turns counter-clockwise, as the angle does. */
function drawTorque(context: Canvas2D, torque: number, { muted }: Colours): void {
  const part = Math.max(-1, Math.min(1, torque / MAX_TORQUE));
  if (Math.abs(part) < 0.05) return;
  const end = DOWN - part * MAX_SWEEP;
  context.lineWidth = 0.02;
  context.lineCap = "round";
  context.strokeStyle = muted;
  context.beginPath();
  context.arc(0, 0, TORQUE_RADIUS, DOWN, end, part > 0);
  context.stroke();
  drawArrowhead(context, end, part);
}

function drawArrowhead(context: Canvas2D, angle: number, part: number): void {
  const size = Math.min(0.09, 0.4 * Math.abs(part));
  context.save();
  context.translate(TORQUE_RADIUS * cos(angle), TORQUE_RADIUS * sin(angle));
  context.rotate(part > 0 ? angle + Math.PI : angle);
  context.beginPath();
  context.moveTo(-0.6 * size, -size);
  context.lineTo(0, 0);
  context.lineTo(0.6 * size, -size);
  context.stroke();
  context.restore();
}

/** The angle from upright comes as its cosine and sine. */
function drawRod(context: Canvas2D, [cosine, sine]: readonly [number, number], { accent, ink }: Colours): void {
  context.lineWidth = ROD_WIDTH;
  context.lineCap = "round";
  context.strokeStyle = accent;
  const length = 1 - ROD_WIDTH / 2;
  strokeLine(context, [0, 0], [-length * sine, -length * cosine]);
  context.fillStyle = ink;
  context.beginPath();
  context.arc(0, 0, 0.035, 0, 2 * Math.PI);
  context.fill();
}
