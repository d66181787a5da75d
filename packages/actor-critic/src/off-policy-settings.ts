import type { AnyBackend } from "@uphill/autodiff";
import type { Space } from "@uphill/envs";
import type { ActivationName, Schedule } from "@uphill/nn";
import type { LearnedFrom, Report } from "@uphill/training";

/** How algorithms learn that act and learn from a replay buffer at the same time. */
export interface OffPolicySettings {
  /** N, environments stepped together. Default 1. */
  readonly environments?: number;
  /** Environment steps between reports. Default 500. */
  readonly stepsPerReport?: number;
  /** Transitions that the replay buffer holds; the oldest make room. Default 1,000,000. */
  readonly bufferCapacity?: number;
  /** Environment steps of random actions before updates begin. Default 100. */
  readonly warmUpSteps?: number;
  /** Environment steps from one round of updates to the next. Default 1. */
  readonly updateInterval?: number;
  /** Updates for each environment step. Default 1. */
  readonly updatesPerStep?: number;
  /** Transitions in the batch of an update. Default 256. */
  readonly batchSize?: number;
  /**
   * How much transitions with larger errors are drawn more often: P(i) ∝ (|δᵢ| + 1e-6)^α, with δ the mean of the critics'
   * errors. Default 0: all alike. (Schaul et al. 2016.)
   */
  readonly priorityExponent?: number;
  /** β: how much of the bias of such draws is weighted away in the critics' loss. Default from 0.4 to 1, linearly. */
  readonly importanceExponent?: Schedule;
  /** γ, discount of future rewards. Default 0.99. */
  readonly gamma?: number;
  /** n: rewards in a target before it bootstraps. Default 1. */
  readonly returnSteps?: number;
  /** τ: how far target networks move to the networks at a time; 1 copies. Default 0.005. */
  readonly targetRate?: number;
  /** Widths of the hidden layers of each network. Default [256, 256]. */
  readonly hiddenWidths?: readonly number[];
  /** What follows each hidden layer. Default relu. */
  readonly activation?: ActivationName;
  /** Whether observations are normalised by their running mean and spread. Default false. */
  readonly normalizeObservations?: boolean;
  /** Whether rewards are scaled by the spread of the discounted return. Default false. */
  readonly normalizeRewards?: boolean;
  /** Whether the same bits come in every engine and on every machine, at some speed. Default false. */
  readonly deterministic?: boolean;
}

/** How a deterministic policy explores. */
export interface ExplorationNoiseSettings {
  /** What is added to actions: independent normal noise, or an Ornstein–Uhlenbeck process. Default normal. */
  readonly noise?: "normal" | "ornsteinUhlenbeck";
  /** σ on the scale of the actions' bounds, ±1: standard deviation, or volatility of the process. Default 0.1. */
  readonly noiseScale?: number;
  /** θ, rate at which the process goes back to 0. Default 0.15. */
  readonly noiseReversion?: number;
  /** Δt, time of the process in an environment step. Default 0.01. */
  readonly noiseTimeStep?: number;
}

/** What DDPG, TD3 and SAC take beside their settings: an environment or stored transitions, a seed, a backend. */
export type OffPolicyProblem<A extends Space = Space> = LearnedFrom<A> & {
  /** Fixes the whole run: weights, environments, actions and batches. A non-negative integer; default 0. */
  readonly seed?: number;
  /** What runs the updates; WebAssembly by default. For wide networks `onnxRuntime()` of `@uphill/onnx-runtime`. */
  readonly backend?: AnyBackend;
};

/** What DDPG, TD3 and SAC report: means over the updates since the last report, NaN where there were none. */
export interface OffPolicyReport extends Report {
  /** Updates so far. */
  readonly updates: number;
  /** Σᵢ E[w (Qᵢ − y)²], over the critics that there are. */
  readonly criticLoss: number;
  /** What the policy minimises, over the updates that moved it. */
  readonly policyLoss: number;
  /** E[Q] of the first critic, over what was stored. */
  readonly meanQ: number;
  /** Global norm of all gradients. */
  readonly gradientNorm: number;
  /** Adam's step size. */
  readonly learningRate: number;
}
