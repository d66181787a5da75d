import { describe, Random } from "@uphill/core-math";
import type { Environment, EnvironmentDefinition, EnvironmentSource, Step } from "../environment.js";
import { definitionOf, makeEnvironment, makeVectorEnvironment } from "../make.js";
import type { Box } from "../spaces/box.js";
import type { ActionOf, Space } from "../spaces/space.js";
import type { AutoresetMode, VectorEnvironment } from "../vector-environment.js";

/** A step of a played episode. */
export interface PlayedStep {
  readonly step: Step;
  /** Counted from 1 in its episode. */
  readonly number: number;
}

/** Makes a vector of `count` environments, of which those whose episode ended are reset as `autoreset` says. */
export type VectorMaker = (count: number, autoreset: AutoresetMode) => VectorEnvironment<Space, AutoresetMode>;

/** Episodes of vectors made here are cut after so many steps, so that there are ends to look at. */
const SHORT_EPISODE = 9;

/** The environment under examination, and ways to try it. */
export class Probe {
  private readonly made: { close?(): void }[] = [];

  /**
   * @param source - The environment.
   * @param makeVector - Its vector form; the one of `makeVectorEnvironment` where left out.
   */
  constructor(
    readonly source: EnvironmentSource,
    private readonly makeVector?: VectorMaker,
  ) {}

  /** A fresh environment, bare as the source makes it. */
  make(): Environment {
    const environment = definitionOf(this.source).make();
    this.made.push(environment);
    return environment;
  }

  /** A fresh environment with its first episode under way. */
  started(seed: number): Environment {
    const environment = this.make();
    environment.reset({ seed });
    return environment;
  }

  /** A vector of environments, not reset yet. */
  vector(count: number, autoreset: AutoresetMode): VectorEnvironment<Space, AutoresetMode> {
    const make: VectorMaker =
      this.makeVector ?? ((size, mode) => makeVectorEnvironment(this.episodic(), size, { autoreset: mode }));
    const vector = make(count, autoreset);
    this.made.push(vector);
    return vector;
  }

  /** Single environments that the ones of {@link vector} are to do alike. */
  singles(count: number): readonly Environment[] {
    const singles = Array.from({ length: count }, () => makeEnvironment(this.episodic()));
    this.made.push(...singles);
    return singles;
  }

  /** Steps in which episodes of the vector end. */
  get vectorSteps(): number {
    const { maxEpisodeSteps = 200 } = this.episodic();
    return Math.min(2 * maxEpisodeSteps + 3, 1000);
  }

  private episodic(): EnvironmentDefinition {
    const definition = definitionOf(this.source);
    if (this.makeVector !== undefined) return definition;
    return { ...definition, maxEpisodeSteps: Math.min(definition.maxEpisodeSteps ?? SHORT_EPISODE, SHORT_EPISODE) };
  }

  /** Closes every environment made so far; what that throws is the business of the rule `close`. */
  closeAll(): void {
    for (const environment of this.made.splice(0)) {
      try {
        environment.close?.();
      } catch {
        continue;
      }
    }
  }
}

/** Actions that are the same at every call. */
export function sampledActions(space: Space, count: number): readonly ActionOf<Space>[] {
  const random = new Random(7);
  return Array.from({ length: count }, () => space.sample(random));
}

/** Plays on with sampled actions, and resets without a seed where an episode ends. */
export function play(environment: Environment, steps: number): readonly PlayedStep[] {
  let number = 0;
  return sampledActions(environment.actionSpace, steps).map((action) => {
    const step = environment.step(action);
    number += 1;
    const played = { step, number };
    if (step.terminated || step.truncated) {
      environment.reset();
      number = 0;
    }
    return played;
  });
}

/** Whether the call throws. */
export function throws(call: () => unknown): boolean {
  try {
    call();
    return false;
  } catch {
    return true;
  }
}

/** Why a value is no point of a box, or undefined where it is one. */
export function outside(space: Box, value: unknown): string | undefined {
  if (!(value instanceof Float32Array)) return `expected a Float32Array, got ${describe(value)}`;
  if (value.length !== space.size) return `expected ${space.size} elements, got ${value.length}`;
  const wrong = value.findIndex((x, i) => !(Number.isFinite(x) && x >= space.low[i] && x <= space.high[i]));
  if (wrong < 0) return undefined;
  return `expected element ${wrong} in [${space.low[wrong]}, ${space.high[wrong]}] and finite, got ${value[wrong]}`;
}

/** A value in a few characters, arrays of numbers included. */
export function shown(value: unknown): string {
  if (!(value instanceof Float32Array)) return describe(value);
  const numbers = Array.from(value.subarray(0, 4), (x) => String(Number(x.toPrecision(6))));
  return `[${numbers.join(", ")}${value.length > 4 ? ", …" : ""}]`;
}
