import type { PpoReport } from "@uphill/pg-algorithms";
import { currentPalette, onPaletteChange } from "../palette.js";
import { History } from "./history.js";
import { Plot } from "./plot.js";
import type { PlotSettings } from "./plot.js";

/** More than a screen has columns for. */
const MOST_POINTS = 1000;

const curves = {
  meanReturn: { title: "Return", fromZero: true },
  entropy: { title: "Entropy", unit: "nats", fromZero: true },
  klNats: { title: "KL", unit: "nats", fromZero: true },
} as const satisfies Partial<Record<keyof PpoReport, PlotSettings>>;

type CurveName = keyof typeof curves;
const curveNames = Object.keys(curves) as CurveName[];

/** The curves of a run. Reports come as they like; drawing is left to the next frame of the screen. */
export class Plots {
  readonly #history = new History<"steps" | CurveName>(MOST_POINTS);
  readonly #plots: ReadonlyMap<CurveName, Plot>;
  #waiting = false;

  /** @param find - The element of an id. */
  constructor(find: (id: string) => HTMLElement) {
    const palette = currentPalette();
    this.#plots = new Map(
      curveNames.map((name) => [name, new Plot(find(`plot-${name}`), find(`value-${name}`), curves[name], palette)]),
    );
    onPaletteChange((changed) => this.#plots.forEach((plot) => plot.recolor(changed)));
  }

  /** @param budget - Steps of the run. @param goal - The mean return that solves the environment, if there is one. */
  reset(budget: number, goal: number | undefined): void {
    this.#history.clear();
    this.#plots.forEach((plot, name) => plot.reset(budget, name === "meanReturn" ? goal : undefined));
  }

  add(reports: readonly PpoReport[]): void {
    for (const report of reports) this.#history.push(report);
    if (this.#waiting) return;
    this.#waiting = true;
    requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    this.#waiting = false;
    const steps = this.#history.column("steps") as number[];
    this.#plots.forEach((plot, name) => plot.show(steps, this.#history.column(name)));
  }
}
