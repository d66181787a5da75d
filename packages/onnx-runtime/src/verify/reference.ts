import { evaluate } from "@uphill/autodiff";
import type { NumericArray, Store, Tensor, Variable } from "@uphill/autodiff";
import { Random } from "@uphill/core-math";
import { valuesOf } from "../policy/policy-expressions.js";
import type { Probes } from "./probes.js";

/** Relative size of the perturbations: 16 roundings of float32. */
const DELTA = 2 ** -20;

/** How often the policy is perturbed. */
const PERTURBATIONS = 8;

/** What a policy gives for a batch of observations, and how exactly float32 can be expected to give the same. */
export interface Reference {
  /** Outputs by name, in float64 (int32 for discrete actions), row-major. */
  readonly values: Readonly<Record<string, NumericArray>>;
  /** For each element of each output, what differences are relative to: max(|y|, κ). */
  readonly scales: Readonly<Record<string, Float64Array>>;
}

/** What {@link referenceOf} evaluates. */
export interface ReferenceOptions {
  /** Expressions of an input called `observation`. */
  readonly outputs: Readonly<Record<string, Tensor>>;
  /** The variables that they read. */
  readonly variables: readonly Variable[];
  /** Where variables have their values. */
  readonly store: Store;
}

/**
 * The outputs y of a policy in float64, and their condition κ: how much y moves, relative to the perturbation, when every
 * weight and every element of the observation moves by its own random factor 1 + δ ε with ε ~ N(0, 1),
 *
 *     κ = √(mean over 8 perturbations of (y' − y)²) / δ,   δ = 2⁻²⁰.
 *
 * κ is about |y| where y is a sum of terms of one size, and far larger where large terms cancel. What float32 rounds on
 * the way amounts to a few times 10⁻⁷ κ, however small y itself is: relative to |y| alone, a file without fault would look
 * wrong wherever an output crosses 0.
 */
export function referenceOf({ outputs, variables, store }: ReferenceOptions, { data }: Probes): Reference {
  const values = evaluate(outputs, { observation: data }, store) as Record<string, NumericArray>;
  const squares = Object.entries(values).map(([name, { length }]) => [name, new Float64Array(length)] as const);
  const random = new Random(0).split("perturbations");
  for (let k = 0; k < PERTURBATIONS; k++) {
    const observation = perturbed(data, random);
    const moved = evaluate(outputs, { observation }, perturbedStore(store, variables, random)) as typeof values;
    for (const [name, sums] of squares) {
      for (let i = 0; i < sums.length; i++) {
        const movement = moved[name][i] - values[name][i];
        sums[i] += movement * movement;
      }
    }
  }
  const scales = squares.map(([name, sums]) => [
    name,
    sums.map((sum, i) => Math.max(Math.abs(values[name][i]), Math.sqrt(sum / PERTURBATIONS) / DELTA)),
  ]);
  return { values, scales: Object.fromEntries(scales) as Record<string, Float64Array> };
}

function perturbed(values: ArrayLike<number>, random: Random): Float64Array {
  return Float64Array.from(values, (value) => value * (1 + DELTA * random.standardNormal()));
}

function perturbedStore(store: Store, variables: readonly Variable[], random: Random): Store {
  const copy = store.copy();
  for (const variable of variables) {
    copy.adopt(variable);
    if (variable.dtype === "float32") copy.write(variable, perturbed(valuesOf(variable, store), random));
  }
  return copy;
}
