import { input, topologicalOrder, Variable } from "@uphill/autodiff";
import type { Shape, Store, Tensor } from "@uphill/autodiff";
import { expectation, NumericalError, OptionError, ShapeError } from "@uphill/core-math";
import type { Space } from "@uphill/envs";
import type { ExportableDistribution, ExportablePolicy } from "./exportable-policy.js";

/** Name of the dimension that counts observations. */
const BATCH = "batch";

/** A policy as expressions of one input. */
export interface PolicyExpressions<D extends ExportableDistribution> {
  /** float32 `["batch", size]`. */
  readonly observation: Tensor;
  readonly distribution: D;
  /** The distribution's parameters, each with the batch as its first dimension. */
  readonly parameters: Readonly<Record<string, Tensor>>;
  /** int32 `["batch"]` for a choice and `["batch", size]` for several, float32 `["batch", size]` for a box. */
  readonly action: Tensor;
  /** What the expressions read from the policy's store. */
  readonly variables: readonly Variable[];
}

/**
 * The expressions of a policy, checked.
 *
 * @throws OptionError where a parameter is called like the input or the action; ShapeError where a parameter or the action
 *   has another shape than export can name; NumericalError for a weight that is NaN or infinite.
 */
export function policyExpressions<D extends ExportableDistribution>(policy: ExportablePolicy<D>): PolicyExpressions<D> {
  const observation = input("observation", [BATCH, policy.observationSpace.size]);
  const distribution = policy.distribution(observation);
  const action = policy.action(distribution);
  requireAction(policy, action);
  const parameters: Record<string, Tensor> = {};
  for (const [name, parameter] of Object.entries(distribution.parameters)) {
    if (name === "observation" || name === "action") {
      throw new OptionError(expectation("distribution.parameters", 'names other than "observation" and "action"', name));
    }
    parameters[name] = batched(parameter);
  }
  const variables = topologicalOrder([...Object.values(parameters), action]).filter((t) => t instanceof Variable);
  for (const variable of variables) requireFinite(variable, policy.store);
  return { observation, distribution, parameters, action, variables };
}

/** The current values of a variable, whether or not the store holds it yet. */
export function valuesOf(variable: Variable, store: Store): ArrayLike<number> {
  return store.has(variable) ? store.read(variable) : variable.initial;
}

function batched(parameter: Tensor): Tensor {
  return parameter.shape[0] === BATCH ? parameter : parameter.broadcastTo([BATCH, ...parameter.shape]);
}

/** `["batch"]` for a choice, `["batch", size]` for several and for a box. */
export function actionsShape(space: Space): Shape {
  return space.kind === "discrete" ? [BATCH] : [BATCH, space.size];
}

function requireAction({ actionSpace }: ExportablePolicy, action: Tensor): void {
  const shape = actionsShape(actionSpace);
  const dtype = actionSpace.kind === "box" ? "float32" : "int32";
  if (action.dtype === dtype && action.shape.join() === shape.join()) return;
  throw new ShapeError(
    `action: expected ${dtype} [${shape.join(", ")}], got ${action.dtype} [${action.shape.join(", ")}]`,
  );
}

function requireFinite(variable: Variable, store: Store): void {
  const values = Array.from(valuesOf(variable, store));
  const index = values.findIndex((value) => !Number.isFinite(value));
  if (index < 0) return;
  throw new NumericalError(expectation(`variable "${variable.name}"`, "finite weights", values[index]));
}
