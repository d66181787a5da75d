import type { CurvePoint } from "./summary.js";

/** One line of a chart, with its band. */
interface ChartLine {
  readonly label: string;
  readonly points: readonly CurvePoint[];
}

/** A chart of learning curves. */
export interface Chart {
  readonly title: string;
  /** What its horizontal axis counts. */
  readonly axis: string;
  /** What is asked, drawn as a dashed line; null for none. */
  readonly goal: number | null;
  readonly lines: readonly ChartLine[];
}

const size = { width: 720, height: 360, left: 56, right: 240, top: 32, bottom: 40 };

/** Okabe and Ito's colours, which people of every colour vision tell apart, and two more. */
const colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000", "#8c564b", "#7f7f7f"];

/** A chart as SVG: a line for the median over the seeds, a band between the quartiles. */
export function chartSvg({ title, axis, goal, lines }: Chart): string {
  const points = lines.flatMap((line) => line.points);
  const steps = scale([0, ...points.map((point) => point.steps)], size.left, size.width - size.right);
  const values = [...points.flatMap(({ lower, upper }) => [lower, upper]), ...(goal === null ? [] : [goal])];
  const returns = scale(values, size.height - size.bottom, size.top);
  const place = (step: number, value: number): string => `${steps.at(step).toFixed(1)},${returns.at(value).toFixed(1)}`;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" font-family="sans-serif" font-size="12">`,
    `<title>${title}</title>`,
    `<rect width="${size.width}" height="${size.height}" fill="#ffffff"/>`,
    text(size.left, 18, title, `font-size="14"`),
    ...returns.ticks.map((tick) => gridLine(returns.at(tick), tick)),
    ...steps.ticks.map((tick) => text(steps.at(tick), size.height - 22, stepText(tick), `text-anchor="middle"`)),
    text((size.left + size.width - size.right) / 2, size.height - 6, axis, `text-anchor="middle"`),
    ...(goal === null ? [] : [goalLine(returns.at(goal))]),
    ...lines.map(({ points: curve }, i) => {
      const upper = curve.map((point) => place(point.steps, point.upper));
      const lower = curve.map((point) => place(point.steps, point.lower)).reverse();
      return `<polygon points="${[...upper, ...lower].join(" ")}" fill="${colourOf(i)}" fill-opacity="0.15"/>`;
    }),
    ...lines.map(({ points: curve }, i) => {
      const path = curve.map((point) => place(point.steps, point.median)).join(" ");
      return `<polyline points="${path}" fill="none" ${strokeOf(i)} stroke-width="1.5"/>`;
    }),
    ...lines.flatMap(({ label }, i) => legend(label, i)),
    "</svg>",
  ];
  return `${parts.join("\n")}\n`;
}

/** From values to pixels, with round ticks. */
function scale(values: readonly number[], from: number, to: number) {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const span = high > low ? high - low : 1;
  const power = 10 ** Math.floor(Math.log10(span / 4));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((width) => span / width <= 6) ?? span;
  const ticks: number[] = [];
  for (let k = Math.ceil(low / step); k * step <= low + span; k++) ticks.push(Number((k * step).toPrecision(12)));
  return { ticks, at: (value: number): number => from + ((value - low) / span) * (to - from) };
}

function gridLine(y: number, value: number): string {
  const line = `<line x1="${size.left}" x2="${size.width - size.right}" y1="${y.toFixed(1)}" y2="${y.toFixed(1)}" stroke="#dddddd"/>`;
  return line + text(size.left - 6, y + 4, String(value).replace("-", "−"), `text-anchor="end"`);
}

function goalLine(y: number): string {
  const line = `x1="${size.left}" x2="${size.width - size.right}" y1="${y.toFixed(1)}" y2="${y.toFixed(1)}"`;
  return `<line ${line} stroke="#555555" stroke-dasharray="4 4"/>`;
}

function legend(label: string, i: number): readonly string[] {
  const [x, y] = [size.width - size.right + 12, size.top + 10 + 18 * i];
  return [
    `<line x1="${x}" x2="${x + 16}" y1="${y - 4}" y2="${y - 4}" ${strokeOf(i)} stroke-width="2"/>`,
    text(x + 22, y, label),
  ];
}

function text(x: number, y: number, content: string, attributes = ""): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${attributes}>${content}</text>`;
}

function colourOf(i: number): string {
  return colours[i % colours.length];
}

/** The second time around the colours, lines are dotted. */
function strokeOf(i: number): string {
  return `stroke="${colourOf(i)}"${i < colours.length ? "" : ` stroke-dasharray="2 2"`}`;
}

function stepText(steps: number): string {
  if (steps >= 1e6) return `${steps / 1e6}M`;
  return steps >= 1000 ? `${steps / 1000}k` : String(steps);
}
