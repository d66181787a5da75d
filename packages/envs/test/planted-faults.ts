import { Random } from "@uphill/core-math";
import type { SingleRuleName } from "../src/check-environment.js";
import type { EnvironmentSource, ResetOptions, Step } from "../src/environment.js";
import type { JsonValue } from "../src/json.js";
import { Box, box } from "../src/spaces/box.js";
import { discrete } from "../src/spaces/discrete.js";
import { multiDiscrete } from "../src/spaces/multi-discrete.js";
import { Corridor, corridor } from "./corridor.js";
import { Slider } from "./slider.js";

/** A corridor with other answers. */
function corridorWhere(change: (step: Step, action: number) => Record<string, unknown>): EnvironmentSource {
  return () => {
    const environment = new Corridor();
    const step = environment.step.bind(environment);
    return Object.assign(environment, {
      step: (action: number) => {
        const answer = step(action);
        return { ...answer, ...change(answer, action) };
      },
    });
  };
}

/** A corridor with other parts. */
export function corridorWith(parts: (inner: Corridor) => Record<string, unknown>): EnvironmentSource {
  return () => {
    const environment = new Corridor();
    return Object.assign(environment, parts(environment));
  };
}

/** A slider with other parts. */
function sliderWith(parts: (inner: Slider) => Record<string, unknown>): EnvironmentSource {
  return () => {
    const environment = new Slider();
    return Object.assign(environment, parts(environment));
  };
}

/** Anything at all, as if it were a source. */
export const asSource = (value: unknown): EnvironmentSource => value as EnvironmentSource;
let calls = 0;

/** One spoilt box a method. */
class WrongSample extends Box {
  override sample(): Float32Array {
    return Float32Array.of(-5, 0);
  }
}
class UnseededSample extends Box {
  override sample(): Float32Array {
    calls += 1;
    return Float32Array.of(calls % 7, 0);
  }
}
class EqualToNone extends Box {
  override equals(): boolean {
    return false;
  }
}
class LostInJSON extends Box {
  override toJSON(): JsonValue {
    return { kind: "discrete", n: 2 };
  }
}
const spoilt = (kind: typeof Box): EnvironmentSource =>
  corridorWith(() => ({ observationSpace: new kind({ low: [0, 0], high: [10, 1] }) }));

/** A random start from a stream that a seed does not reach. */
class DeafToSeeds extends Corridor {
  override reset(options: ResetOptions = {}): Float32Array {
    return super.reset(options.seed === undefined ? {} : { seed: 3 });
  }
}

class ForgetsItsStream extends Corridor {
  override saveState(): JsonValue {
    return {
      position: (super.saveState() as { position: number }).position,
      random: new Random(0).state(),
    };
  }
}

/** Saving it changes what follows. */
class DisturbedBySaving extends Corridor {
  override saveState(): JsonValue {
    const state = super.saveState();
    this.reset();
    return state;
  }
}

/** For every rule, environments that break it. A rule without a planted fault does not type-check. */
export const plantedFaults: Readonly<Record<SingleRuleName, Readonly<Record<string, EnvironmentSource>>>> = {
  "time-limit": {
    zero: { ...corridor, maxEpisodeSteps: 0 },
    fraction: { ...corridor, maxEpisodeSteps: 1.5 },
    text: asSource({ ...corridor, maxEpisodeSteps: "20" }),
  },
  definition: {
    nothing: asSource(undefined),
    "an environment instead of a source": asSource(new Corridor()),
    "a class": asSource(Corridor),
    "no id": asSource({ make: () => new Corridor() }),
    "no make": asSource({ id: "Corridor" }),
  },
  environment: {
    nothing: asSource(() => undefined),
    "no step": asSource(() => Object.assign(new Corridor(), { step: undefined })),
    "make throws": () => {
      throw new Error("no licence");
    },
    "one for all": (
      (shared) => () =>
        shared
    )(new Corridor()),
  },
  "observation-space": {
    missing: corridorWith(() => ({ observationSpace: undefined })),
    discrete: corridorWith(() => ({ observationSpace: discrete(4) })),
    "a look-alike": corridorWith(() => ({
      observationSpace: { kind: "box", low: [0, 0], high: [10, 1], shape: [2], size: 2 },
    })),
    "bounds of another shape": corridorWith(() => ({
      observationSpace: Object.assign(box({ low: 0, high: 1 }), { size: 2 }),
    })),
    "bounds crossed later": corridorWith((inner) => {
      inner.observationSpace.low[0] = 11;
      return {};
    }),
  },
  "action-space": {
    missing: corridorWith(() => ({ actionSpace: undefined })),
    "a number": corridorWith(() => ({ actionSpace: 2 })),
    "no choice": corridorWith(() => ({ actionSpace: Object.assign(discrete(1), { n: 0 }) })),
    "no choice along an axis": corridorWith(() => ({ actionSpace: Object.assign(multiDiscrete([2, 1]), { counts: [2, 0] }) })),
    "bounds crossed later": sliderWith((inner) => {
      inner.actionSpace.high[1] = -3;
      return {};
    }),
  },
  "space-sample": { outside: spoilt(WrongSample), "not from the stream": spoilt(UnseededSample) },
  "space-json": { "not equal to itself": spoilt(EqualToNone), "another after JSON": spoilt(LostInJSON) },
  reset: {
    "an array": corridorWith(() => ({ reset: () => [5, 0] })),
    "another length": corridorWith(() => ({ reset: () => new Float32Array(3) })),
    "out of bounds": corridorWith(() => ({ reset: () => Float32Array.of(11, 0) })),
    NaN: corridorWith(() => ({ reset: () => Float32Array.of(Number.NaN, 0) })),
    throws: corridorWith(() => ({
      reset: () => {
        throw new Error("not now");
      },
    })),
    "only without a seed": corridorWith((inner) => ({
      reset: (options?: ResetOptions) =>
        options?.seed === undefined ? Float32Array.of(-1, 0) : inner.observationSpace.low,
    })),
  },
  "seed-repeats": {
    ignored: corridorWith(() => {
      const random = new Random(0);
      return { reset: () => Float32Array.of(5, random.random()) };
    }),
    "another in each environment": corridorWith(() => {
      calls += 1;
      const start = calls % 9;
      return { reset: () => Float32Array.of(start, 0) };
    }),
  },
  "stream-repeats": {
    "unseeded resets from elsewhere": corridorWith((inner) => {
      const [reset, other] = [inner.reset.bind(inner), new Random(8)];
      return {
        reset: (options?: ResetOptions) =>
          options?.seed === undefined ? Float32Array.of(5, other.random()) : reset(options),
      };
    }),
  },
  "reset-options": {
    "an object is a new start": corridorWith((inner) => {
      const reset = inner.reset.bind(inner);
      return { reset: (options?: ResetOptions) => reset(options === undefined ? {} : { seed: options.seed ?? 5 }) };
    }),
  },
  "seed-validation": {
    "takes the absolute value": corridorWith((inner) => {
      const reset = inner.reset.bind(inner);
      return {
        reset: ({ seed }: ResetOptions = {}) =>
          reset(seed === undefined ? {} : { seed: Math.floor(Math.abs(seed)) || 0 }),
      };
    }),
  },
  step: {
    nothing: corridorWith(() => ({ step: () => undefined })),
    throws: corridorWith(() => ({
      step: () => {
        throw new Error("not now");
      },
    })),
    "refuses an action of its space": corridorWith((inner) => {
      const step = inner.step.bind(inner);
      return {
        step: (action: number) => {
          if (action === 0) throw new Error("never left");
          return step(action);
        },
      };
    }),
  },
  observation: {
    missing: corridorWhere(() => ({ observation: undefined })),
    "another length": corridorWhere(() => ({ observation: new Float32Array(1) })),
    "out of bounds": corridorWhere(({ observation }) => ({ observation: Float32Array.of(observation[0], 1.5) })),
    infinite: sliderWith((inner) => {
      const step = inner.step.bind(inner);
      return { step: (action: Float32Array) => ({ ...step(action), observation: Float32Array.of(Infinity) }) };
    }),
  },
  reward: {
    NaN: corridorWhere(() => ({ reward: Number.NaN })),
    infinite: corridorWhere(({ terminated }) => ({ reward: terminated ? Infinity : 0 })),
    missing: corridorWhere(() => ({ reward: undefined })),
  },
  flags: {
    "a number": corridorWhere(({ terminated }) => ({ terminated: Number(terminated) })),
    missing: corridorWhere(() => ({ truncated: undefined })),
  },
  "first-step": { truncated: corridorWhere(() => ({ truncated: true })) },
  repeatable: {
    observation: corridorWhere(({ observation }) => ({ observation: Float32Array.of(observation[0], tick()) })),
    reward: corridorWhere(() => ({ reward: tick() })),
    terminated: corridorWhere(() => ({ terminated: tick() < 0.3 })),
    truncated: corridorWhere(({ reward }) => ({ truncated: reward < 0 && tick() > 0.95 && calls % 10 === 0 })),
    info: corridorWhere(() => ({ info: { nested: [tick()] } })),
  },
  "kept-observation": {
    "one array for all": corridorWith((inner) => {
      const [reset, step, shared] = [inner.reset.bind(inner), inner.step.bind(inner), new Float32Array(2)];
      return {
        reset: (options?: ResetOptions) => {
          shared.set(reset(options));
          return shared;
        },
        step: (action: number) => {
          const answer = step(action);
          shared.set(answer.observation);
          return { ...answer, observation: shared };
        },
      };
    }),
  },
  "seed-matters": { "one stream for all seeds": () => new DeafToSeeds() },
  "action-validation": {
    "any number is left": corridorWith((inner) => {
      const step = inner.step.bind(inner);
      return { step: (action: number) => step(action === 1 ? 1 : 0) };
    }),
    "any choices": corridorWith(() => {
      const other = new Corridor();
      return {
        actionSpace: multiDiscrete([2]),
        reset: other.reset.bind(other),
        step: (actions?: Int32Array) => other.step(actions?.[0] === 1 ? 1 : 0),
      };
    }),
    "any array": sliderWith((inner) => {
      const step = inner.step.bind(inner);
      return {
        step: (action: Float32Array) => step(inner.actionSpace.clip(Float32Array.of(action[0] || 0, action[1] || 0))),
      };
    }),
  },
  "action-clipping": {
    throws: sliderWith((inner) => {
      const step = inner.step.bind(inner);
      return {
        step: (action: Float32Array) => {
          if (!inner.actionSpace.contains(action)) throw new Error("out of bounds");
          return step(action);
        },
      };
    }),
    "acts as it is": sliderWith((inner) => {
      const step = inner.step.bind(inner);
      return {
        step: (action: Float32Array) => {
          const answer = step(action);
          return { ...answer, observation: Float32Array.of(answer.observation[0] + action[1]) };
        },
      };
    }),
  },
  "step-before-reset": {
    "a default start": corridorWith((inner) => {
      const step = inner.step.bind(inner);
      let started = false;
      return {
        step: (action: number) => {
          if (!started) inner.reset();
          started = true;
          return step(action);
        },
      };
    }),
  },
  close: {
    "the second time throws": corridorWith((inner) => {
      const close = inner.close.bind(inner);
      let closed = false;
      return {
        close: () => {
          if (closed) throw new Error("already closed");
          closed = true;
          close();
        },
      };
    }),
    "steps on": corridorWith(() => ({ close: () => undefined })),
  },
  "saved-state": {
    "forgets its stream": () => new ForgetsItsStream(),
    "disturbed by saving": () => new DisturbedBySaving(),
    "saves but does not restore": corridorWith(() => ({ restoreState: undefined })),
    "not JSON": corridorWith((inner) => {
      const state = { position: 5, random: new Map() };
      return { saveState: () => state, restoreState: inner.restoreState.bind(inner) };
    }),
  },
};

/** A number that is never the same twice. */
function tick(): number {
  calls += 1;
  return (calls * 0.618) % 1;
}
