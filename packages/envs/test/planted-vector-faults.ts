import type { VectorMaker, VectorRuleName } from "../src/check-environment.js";
import type { EnvironmentBatch, EnvironmentDefinition } from "../src/environment.js";
import { SinglesBatch } from "../src/internal/singles-batch.js";
import type { JsonValue } from "../src/json.js";
import { makeVectorEnvironment } from "../src/make.js";
import { box } from "../src/spaces/box.js";
import type { Discrete } from "../src/spaces/discrete.js";
import type { VectorResetOptions } from "../src/vector-environment.js";
import { Corridor, corridor } from "./corridor.js";

/** The corridor, in episodes that end soon. */
export const shortCorridor: EnvironmentDefinition<Discrete> = { ...corridor, maxEpisodeSteps: 6 };

type Vector = ReturnType<typeof makeVectorEnvironment<Discrete, "disabled">>;

/** A vector with other parts. */
function vectorWith(parts: (inner: Vector) => object): VectorMaker {
  return (count, autoreset) => {
    const vector = makeVectorEnvironment(shortCorridor, count, { autoreset });
    return Object.assign(vector, parts(vector as Vector));
  };
}

/** A native vector form with other parts. */
function batchWith(parts: (inner: EnvironmentBatch<Discrete>) => object): EnvironmentDefinition<Discrete> {
  return {
    ...corridor,
    makeBatch(count) {
      const environments = Array.from({ length: count }, () => new Corridor());
      const batch: EnvironmentBatch<Discrete> = new SinglesBatch("Corridor-v0", environments);
      return Object.assign(batch, parts(batch));
    },
  };
}

/** For every rule of vectors, vectors or native forms that break it. A rule without a fault does not type-check. */
export const plantedVectorFaults: Readonly<
  Record<VectorRuleName, Readonly<Record<string, VectorMaker | EnvironmentDefinition>>>
> = {
  vector: {
    "another number of them": (count, autoreset) => makeVectorEnvironment(shortCorridor, count + 1, { autoreset }),
    "no memory for rewards": vectorWith(() => ({ rewards: undefined })),
    "too little memory": vectorWith(({ count }) => ({ finalObservations: new Float32Array(count) })),
    "no vector at all": () => {
      throw new Error("out of memory");
    },
    "other spaces than the single form": batchWith(() => ({ observationSpace: box({ low: [0, 0], high: [11, 1] }) })),
  },
  "vector-seeds": {
    "one seed for all": vectorWith((inner) => {
      const reset = inner.reset.bind(inner);
      return {
        reset: ({ seed }: VectorResetOptions = {}) => {
          reset({ seed: typeof seed === "number" ? [seed, seed, seed] : seed });
        },
      };
    }),
    "only the first of a list": vectorWith((inner) => {
      const reset = inner.reset.bind(inner);
      return {
        reset: ({ seed }: VectorResetOptions = {}) => {
          reset({ seed: typeof seed === "object" ? seed[0] : seed });
        },
      };
    }),
    "a native form without a stream for each": batchWith((inner) => {
      const reset = inner.reset.bind(inner);
      return {
        reset: (index: number, seed: number | undefined, observations: Float32Array) => {
          reset(index, seed === undefined ? undefined : 0, observations);
        },
      };
    }),
  },
  "vector-seed-validation": {
    "any seed will do": vectorWith((inner) => {
      const reset = inner.reset.bind(inner);
      return {
        reset: (options: VectorResetOptions = {}) => {
          try {
            reset(options);
          } catch {
            reset({ seed: 0 });
          }
        },
      };
    }),
  },
  "vector-actions": {
    "any action will do": vectorWith((inner) => {
      const step = inner.step.bind(inner);
      return {
        step: (actions: Int32Array) => {
          try {
            step(actions);
          } catch {
            step(new Int32Array(inner.count));
          }
        },
      };
    }),
  },
  "vector-order": {
    "a first reset by itself": vectorWith((inner) => {
      const [step, reset] = [inner.step.bind(inner), inner.reset.bind(inner)];
      let begun = false;
      return {
        reset: (options: VectorResetOptions) => {
          begun = true;
          reset(options);
        },
        step: (actions: Int32Array) => {
          if (!begun) reset();
          begun = true;
          step(actions);
        },
      };
    }),
    "never closed": vectorWith(() => ({ close: () => undefined })),
    "closed once too often": vectorWith((inner) => {
      const close = inner.close.bind(inner);
      let closed = 0;
      return {
        close: () => {
          closed += 1;
          if (closed === 2) throw new Error("already closed");
          close();
        },
      };
    }),
  },
  "same-step": {
    "no final observations": vectorWith((inner) => {
      const step = inner.step.bind(inner);
      return {
        step: (actions: Int32Array) => {
          step(actions);
          inner.finalObservations.fill(0);
        },
      };
    }),
    "rewards of the neighbour": batchWith((inner) => {
      const step = inner.step.bind(inner);
      return {
        step: (...[actions, results, active]: Parameters<EnvironmentBatch<Discrete>["step"]>) => {
          step(actions, results, active);
          results.rewards.reverse();
        },
      };
    }),
    "never terminated": batchWith((inner) => {
      const step = inner.step.bind(inner);
      return {
        step: (...[actions, results, active]: Parameters<EnvironmentBatch<Discrete>["step"]>) => {
          step(actions, results, active);
          results.terminated.fill(0);
        },
      };
    }),
  },
  "next-step": {
    "acts after the end": batchWith((inner) => {
      const step = inner.step.bind(inner);
      return {
        step: (...[actions, results]: Parameters<EnvironmentBatch<Discrete>["step"]>) => {
          step(actions, results);
        },
      };
    }),
    "a reward for beginning": vectorWith((inner) => {
      const step = inner.step.bind(inner);
      return {
        step: (actions: Int32Array) => {
          const over = inner.terminated.map((flag, i) => flag | inner.truncated[i]);
          step(actions);
          if ((inner.autoreset as string) !== "next-step") return;
          for (let i = 0; i < inner.count; i++) if (over[i] !== 0) inner.rewards[i] = 1;
        },
      };
    }),
  },
  disabled: {
    "begins by itself": (count, autoreset) =>
      makeVectorEnvironment(shortCorridor, count, { autoreset: autoreset === "disabled" ? "same-step" : autoreset }),
  },
  "reset-mask": {
    "resets all": vectorWith((inner) => {
      const reset = inner.reset.bind(inner);
      return {
        reset: (options: VectorResetOptions<"disabled"> = {}) => {
          const { mask: _, ...rest } = options;
          reset(options.mask?.length === inner.count && options.seed !== undefined ? rest : options);
        },
      };
    }),
    "any mask will do": vectorWith((inner) => {
      const reset = inner.reset.bind(inner);
      return {
        reset: (options: VectorResetOptions<"disabled"> = {}) => {
          reset(options.mask === undefined || options.mask.length === inner.count ? options : {});
        },
      };
    }),
    "masks where resets are automatic": vectorWith((inner) => {
      const reset = inner.reset.bind(inner);
      return {
        reset: (options: VectorResetOptions<"disabled"> = {}) => {
          const { mask: _, ...rest } = options;
          reset(inner.autoreset === "disabled" ? options : rest);
        },
      };
    }),
  },
  "vector-saved-state": {
    "forgets where it was": vectorWith((inner) => {
      const restoreState = inner.restoreState.bind(inner);
      return {
        restoreState: (state: JsonValue) => {
          restoreState(state);
          inner.reset();
        },
      };
    }),
    "disturbed by saving": vectorWith((inner) => {
      const saveState = inner.saveState.bind(inner);
      return {
        saveState: () => {
          const state = saveState();
          inner.step(new Int32Array(inner.count));
          return state;
        },
      };
    }),
  },
};
