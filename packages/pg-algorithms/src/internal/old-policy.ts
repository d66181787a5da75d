import { input } from "@uphill/autodiff";
import type { NumericArray, Program, Tensor } from "@uphill/autodiff";
import type { Distribution } from "@uphill/distributions";

/** The distribution that acted, fed to a program beside the one that learns. */
export interface OldPolicy {
  /** Inputs for its parameters, by the names that they have in {@link Distribution.parameters}. */
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly distribution: Distribution;
}

/** The same family as a distribution, with inputs for parameters. */
export function oldPolicy(distribution: Distribution): OldPolicy {
  const inputs: Readonly<Record<string, Tensor>> = Object.fromEntries(
    Object.entries(distribution.parameters).map(([name, { shape }]) => [name, input(`old/${name}`, shape)] as const),
  );
  return { inputs, distribution: distribution.withParameters(inputs) };
}

/** Copies of some of a program's outputs, by name: to feed to another, which may move the memory that they are in. */
export function copiedOutputs(program: Pick<Program, "view">, names: Iterable<string>): Readonly<Record<string, NumericArray>> {
  return Object.fromEntries([...names].map((name) => [name, program.view(name).slice()]));
}
