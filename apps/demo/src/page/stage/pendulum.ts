import type { Palette } from "../palette.js";
import type { Drawing, Scene, Surface } from "./drawing.js";

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
  draw({ context, width, height }: Surface, { observation, action }: Scene, palette: Palette): void {
    const scale = Math.min(width, height) / VIEW;
    context.translate(width / 2, height / 2);
    context.scale(scale, scale);
    drawCircle(context, palette);
    drawTorque(context, action[0], palette);
    drawRod(context, Math.atan2(observation[1], observation[0]), palette);
  },
};

/** The way of the tip, with a mark where it should be. */
function drawCircle(context: CanvasRenderingContext2D, { line, muted }: Palette): void {
  context.lineWidth = 0.01;
  context.strokeStyle = line;
  context.beginPath();
  context.arc(0, 0, 1, 0, 2 * Math.PI);
  context.stroke();
  context.strokeStyle = muted;
  context.beginPath();
  context.moveTo(0, -1.06);
  context.lineTo(0, -1.16);
  context.stroke();
}

/** From below, where the pendulum is not once it stands. Positive torque turns counter-clockwise, as the angle does. */
function drawTorque(context: CanvasRenderingContext2D, torque: number, { muted }: Palette): void {
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

function drawArrowhead(context: CanvasRenderingContext2D, angle: number, part: number): void {
  const size = Math.min(0.09, 0.4 * Math.abs(part));
  context.save();
  context.translate(TORQUE_RADIUS * Math.cos(angle), TORQUE_RADIUS * Math.sin(angle));
  context.rotate(part > 0 ? angle + Math.PI : angle);
  context.beginPath();
  context.moveTo(-0.6 * size, -size);
  context.lineTo(0, 0);
  context.lineTo(0.6 * size, -size);
  context.stroke();
  context.restore();
}

function drawRod(context: CanvasRenderingContext2D, angle: number, { accent, ink }: Palette): void {
  context.lineWidth = ROD_WIDTH;
  context.lineCap = "round";
  context.strokeStyle = accent;
  context.beginPath();
  context.moveTo(0, 0);
  const length = 1 - ROD_WIDTH / 2;
  context.lineTo(-length * Math.sin(angle), -length * Math.cos(angle));
  context.stroke();
  context.fillStyle = ink;
  context.beginPath();
  context.arc(0, 0, 0.035, 0, 2 * Math.PI);
  context.fill();
}
