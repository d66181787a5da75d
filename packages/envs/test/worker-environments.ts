import { StateError } from "@uphill/core-math";
import process from "node:process";
import type { Environment, EnvironmentDefinition, Step } from "../src/environment.js";
import { box } from "../src/spaces/box.js";
import type { Discrete } from "../src/spaces/discrete.js";
import { frameStack } from "../src/wrappers/frame-stack.js";
import { Corridor, corridor } from "./corridor.js";
import { Slider } from "./slider.js";

export { corridor } from "./corridor.js";

/** Environments without saved states, limited. */
export const slider = { id: "Slider-v0", maxEpisodeSteps: 20, make: () => new Slider() };

export const stackedCorridor = frameStack(corridor, 2);

/** Environments that fail where an episode's steps come to three, as the seed's last digit says. */
class Faulty extends Corridor {
  private fault = 0;
  private steps = 0;

  override reset(options: { seed?: number } = {}): Float32Array {
    this.fault = (options.seed ?? 0) % 10;
    this.steps = 0;
    return super.reset(options);
  }

  override step(action: number): Step {
    this.steps += 1;
    if (this.steps === 3) fail(this.fault);
    return super.step(action);
  }
}

function fail(fault: number): void {
  switch (fault) {
    case 1:
      throw new StateError("step: expected dry ground, got mud");
    case 2:
      throw new RangeError("out of rope");
    case 3:
      process.exit(1);
      break;
    case 4:
      for (;;) continue;
    default:
  }
}

export const faulty: EnvironmentDefinition<Discrete> = { id: "Faulty-v0", make: () => new Faulty() };

/** A step takes a fiftieth of a second. */
export function slow(): Environment<Discrete> {
  const environment = new Corridor();
  const step = environment.step.bind(environment);
  return Object.assign(environment, {
    step: (action: number) => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
      return step(action);
    },
  });
}

let made = 0;

/** The second environment of a thread has other spaces. */
export function different(): Environment {
  made += 1;
  return Object.assign(new Corridor(), made === 2 ? { observationSpace: box({ low: 0, high: 1 }) } : {});
}

let licences = 1;

/** One is made on each thread, and no more. */
export function scarce(): Environment {
  licences -= 1;
  if (licences < 0) throw new RangeError("no licence left");
  return new Corridor();
}

export const number = 5;
export const pieces = { id: "Pieces-v0", make: () => ({}) };
