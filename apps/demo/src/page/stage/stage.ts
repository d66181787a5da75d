import { makeEnvironment } from "@uphill/envs";
import type { Drawing, EnvironmentDefinition } from "@uphill/envs";
import type { Moments } from "../../protocol.js";
import { currentPalette, onPaletteChange } from "../palette.js";
import { measureText, wholeText } from "../words.js";
import { sharpCanvas } from "./canvas.js";
import { observationBars } from "./observation-bars.js";
import { Timeline } from "./timeline.js";
import type { View } from "./timeline.js";

/** How far ahead moments are asked for, in s: enough to bridge the worker's longest turn, little enough to be current. */
const AHEAD = 0.4;
/** The longest time between two frames that is made up for, in s: after a pause the picture goes on where it was. */
const LONGEST_FRAME = 0.1;

/** The parts of the page that a stage fills. */
export interface StageElements {
  readonly canvas: HTMLCanvasElement;
  readonly caption: HTMLElement;
  /** Stops and starts the picture. */
  readonly toggle: HTMLButtonElement;
}

/** The picture of the environment: plays what the worker sends, at the speed of the environment. */
export class Stage {
  readonly #elements: StageElements;
  readonly #request: (steps: number) => void;
  readonly #surface: ReturnType<typeof sharpCanvas>;
  #palette = currentPalette();
  #drawing: Drawing;
  #timeline: Timeline;
  #still: View;
  #live = false;
  #asked = false;
  #moving = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  #frame: number | undefined;
  #shownAt = 0;

  /**
   * @param elements - Where it is shown.
   * @param environment - What {@link show} shows first.
   * @param request - Asks the worker to play so many steps.
   */
  constructor(elements: StageElements, environment: EnvironmentDefinition, request: (steps: number) => void) {
    this.#elements = elements;
    this.#request = request;
    this.#surface = sharpCanvas(elements.canvas, () => this.#draw());
    this.#drawing = environment.drawing ?? observationBars;
    this.#timeline = new Timeline(this.#drawing.secondsPerStep);
    this.#still = firstView(environment);
    elements.toggle.addEventListener("click", () => this.#setMoving(!this.#moving));
    onPaletteChange((palette) => {
      this.#palette = palette;
      this.#draw();
    });
  }

  /** Shows an environment at the beginning of an episode, at rest until {@link play}. */
  show(environment: EnvironmentDefinition): void {
    this.#drawing = environment.drawing ?? observationBars;
    this.#timeline = new Timeline(this.#drawing.secondsPerStep);
    this.#still = firstView(environment);
    this.#live = false;
    this.#asked = false;
    this.#elements.canvas.setAttribute("aria-label", `${environment.id}: ${this.#drawing.description}`);
    this.#setMoving(this.#moving);
    this.#draw();
  }

  /** Begins to ask for moments, and to show them. */
  play(): void {
    this.#live = true;
    this.#ask();
    this.#setMoving(this.#moving);
  }

  /** Takes what was asked for. */
  receive(moments: Moments): void {
    if (!this.#asked) return;
    this.#asked = false;
    this.#timeline.append(moments);
    if (!this.#moving) this.#draw();
  }

  #setMoving(moving: boolean): void {
    this.#moving = moving;
    const { toggle } = this.#elements;
    toggle.textContent = moving ? "Pause picture" : "Play picture";
    toggle.disabled = !this.#live;
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
    if (!moving || !this.#live) return;
    this.#shownAt = performance.now();
    this.#frame = requestAnimationFrame((now) => this.#animate(now));
  }

  #animate(now: number): void {
    this.#timeline.advance(Math.min(Math.max(now - this.#shownAt, 0) / 1000, LONGEST_FRAME));
    this.#shownAt = now;
    this.#ask();
    this.#draw();
    this.#frame = requestAnimationFrame((next) => this.#animate(next));
  }

  #ask(): void {
    const steps = Math.ceil(AHEAD / this.#drawing.secondsPerStep);
    if (this.#asked || this.#timeline.ahead >= steps) return;
    this.#asked = true;
    this.#request(steps);
  }

  #draw(): void {
    const surface = this.#surface();
    if (surface === undefined) return;
    const view = this.#timeline.view() ?? this.#still;
    this.#drawing.draw(surface, view, this.#palette);
    const caption = this.#live
      ? `Step ${wholeText(view.steps)}, return ${measureText(view.return)}`
      : "Not started";
    if (this.#elements.caption.textContent !== caption) this.#elements.caption.textContent = caption;
  }
}

function firstView(environment: EnvironmentDefinition): View {
  const one = makeEnvironment(environment);
  const observation = one.reset({ seed: 0 });
  const { size } = one.actionSpace;
  one.close();
  return { observation, action: new Float32Array(size), steps: 0, return: 0 };
}
