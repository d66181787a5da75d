import uPlot from "uplot";
import type { Palette } from "../palette.js";
import { measureText, wholeText } from "../words.js";

/** One curve over environment steps. */
export interface PlotSettings {
  readonly title: string;
  /** Follows numbers in the heading: `nats`. */
  readonly unit?: string;
  /** Whether the axis always shows 0. */
  readonly fromZero: boolean;
}

const HEIGHT_FALLBACK = 200;
const FONT = "11px system-ui, sans-serif";
const SYNC = { key: "uphill" };
/** A single value makes no line. */
const POINTS: uPlot.Series.Points = { show: ({ data }) => data[0].length === 1 };

/** A curve that grows to the right up to the budget, its heading showing the newest value or the one under the pointer. */
export class Plot {
  readonly #place: HTMLElement;
  readonly #value: HTMLElement;
  readonly #settings: PlotSettings;
  readonly #chart: uPlot;
  #palette: Palette;
  #budget = 1;
  #goal: number | undefined;

  /**
   * @param place - An empty element; its size is the style sheet's.
   * @param value - Where the heading shows a value.
   * @param settings - See {@link PlotSettings}.
   * @param palette - Colours; {@link recolor} changes them.
   */
  constructor(place: HTMLElement, value: HTMLElement, settings: PlotSettings, palette: Palette) {
    this.#place = place;
    this.#value = value;
    this.#settings = settings;
    this.#palette = palette;
    this.#chart = new uPlot(this.#options(), [[], []], place);
    new ResizeObserver(() => this.#chart.setSize(this.#size())).observe(place);
  }

  /**
   * @param budget - Where the axis of steps ends.
   * @param goal - From which value on the environment counts as solved, if there is one.
   */
  reset(budget: number, goal: number | undefined): void {
    this.#budget = budget;
    this.#goal = goal;
    this.show([], []);
  }

  /** @param steps - Ascending. @param values - As many; null where there is none. */
  show(steps: number[], values: (number | null)[]): void {
    this.#chart.setData([steps, values]);
    this.#showValue();
  }

  recolor(palette: Palette): void {
    this.#palette = palette;
    this.#chart.redraw(false, true);
  }

  #size(): { width: number; height: number } {
    return { width: this.#place.clientWidth, height: this.#place.clientHeight || HEIGHT_FALLBACK };
  }

  #options(): uPlot.Options {
    const axis = {
      stroke: () => this.#palette.muted,
      grid: { stroke: () => this.#palette.line, width: 1 },
      ticks: { show: false },
      font: FONT,
    };
    return {
      ...this.#size(),
      legend: { show: false },
      padding: [8, 20, 0, 0],
      cursor: { y: false, drag: { x: false, y: false }, sync: SYNC, points: { size: 7 } },
      scales: {
        x: { time: false, range: () => [0, this.#budget] },
        y: { range: (_, low, high) => this.#range(low, high) },
      },
      axes: [
        { ...axis, size: 28, space: 64, values: (_, steps) => steps.map(shortSteps) },
        { ...axis, size: 46, space: 32, values: (_, values) => values.map(axisText) },
      ],
      series: [{}, { stroke: () => this.#palette.accent, width: 1.75, points: POINTS }],
      hooks: { setCursor: [() => this.#showValue()], drawAxes: [(chart) => this.#drawGoal(chart)] },
    };
  }

  #range(low: number | null, high: number | null): [number, number] {
    const values = [low, high, this.#goal, this.#settings.fromZero ? 0 : undefined].filter((value) => typeof value === "number");
    const least = values.length === 0 ? 0 : Math.min(...values);
    const most = values.length === 0 ? 1 : Math.max(...values);
    const [from, to] = uPlot.rangeNum(least, most, 0.1, false);
    return [least === 0 ? 0 : (from ?? least), most === least ? least + 1 : most === 0 ? 0 : (to ?? most)];
  }

  #drawGoal({ ctx, bbox, valToPos }: uPlot): void {
    if (this.#goal === undefined) return;
    const y = Math.round(valToPos(this.#goal, "y", true));
    ctx.save();
    ctx.strokeStyle = this.#palette.muted;
    ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
    ctx.lineWidth = devicePixelRatio;
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.font = FONT.replace(/^\d+/u, (size) => String(Number(size) * devicePixelRatio));
    ctx.fillStyle = this.#palette.muted;
    ctx.textAlign = "left";
    ctx.textBaseline = "top";
    ctx.fillText(`solved at ${measureText(this.#goal)}`, bbox.left + 6 * devicePixelRatio, y + 5 * devicePixelRatio);
    ctx.restore();
  }

  #showValue(): void {
    const { cursor, data } = this.#chart;
    const last = data[0].length - 1;
    const index = cursor.idx ?? last;
    const value = data[1]?.[index];
    const unit = this.#settings.unit === undefined ? "" : ` ${this.#settings.unit}`;
    const number = typeof value === "number" ? `${measureText(value)}${unit}` : "–";
    const at = index === last || value === undefined ? "" : ` at ${wholeText(data[0][index])}`;
    this.#value.textContent = `${number}${at}`;
  }
}

/** 20k, 1.5M: a tick of the axis of steps. */
function shortSteps(steps: number): string {
  if (steps >= 1e6) return `${steps / 1e6}M`;
  return steps >= 1e3 ? `${steps / 1e3}k` : String(steps);
}

function axisText(value: number): string {
  const size = Math.abs(value);
  const text = size >= 1e4 || (size > 0 && size < 1e-3) ? value.toExponential(0) : String(Number(value.toPrecision(6)));
  return text.replace(/^-/u, "−");
}
