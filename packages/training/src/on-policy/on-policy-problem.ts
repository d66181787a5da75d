import type { AnyBackend } from "@uphill/autodiff";
import type { EnvironmentSource, Space } from "@uphill/envs";

/** What an algorithm that learns from rollouts works on, and on what. */
export interface OnPolicyProblem<A extends Space = Space> {
  /** The problem: an environment definition, or a function that makes an environment. */
  readonly env: EnvironmentSource<A>;
  /** Fixes the whole run: weights, environments, actions and shuffles. A non-negative integer; default 0. */
  readonly seed?: number;
  /** What runs the updates, such as `onnxRuntime()` where networks are wide; rollouts run on WebAssembly, its default. */
  readonly backend?: AnyBackend;
}
