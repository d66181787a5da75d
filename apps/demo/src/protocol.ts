import type { PpoReport, PpoSettings } from "@uphill/pg-algorithms";
import type { TrainingWarning } from "@uphill/training";
import type { OptionName } from "./run-options.js";

/** What fixes a run: the same settings give the same training, to the bit, on every machine. */
export interface RunSettings {
  /** Id of a registered environment, such as `CartPole-v1`. */
  readonly environment: string;
  readonly seed: number;
  /** The budget, in environment steps. */
  readonly steps: number;
  readonly options: PpoSettings;
}

/** The files that a run can be saved as. */
export type FileFormat = "onnx" | "checkpoint";

/** What the page asks of the worker. */
export type Command =
  /** Ends the run that there is, if any, and begins another. */
  | { readonly kind: "start"; readonly settings: RunSettings }
  /** Ends training at the last finished iteration. */
  | { readonly kind: "stop" }
  /** Goes on with the budget that `stop` interrupted. */
  | { readonly kind: "resume" }
  /** Plays the policy on, for as many steps, in the environment that is shown. */
  | { readonly kind: "play"; readonly steps: number }
  | { readonly kind: "save"; readonly format: FileFormat };

/** How episodes went that nothing was learned from. */
export interface EvaluationResult {
  readonly episodes: number;
  readonly meanReturn: number;
  /** Of the returns, over these episodes. */
  readonly standardDeviation: number;
}

/**
 * Moments of episodes in the order in which they were played. Arrays have a row for each moment; an episode gives one
 * more than it has steps, since its end is a moment too.
 */
export interface Moments {
  /** How many. */
  readonly count: number;
  /** `[count, observation size]`. */
  readonly observations: Float32Array<ArrayBuffer>;
  /** `[count, action size]`: the action that led to the moment, zeros where an episode begins; a discrete one as its number. */
  readonly actions: Float32Array<ArrayBuffer>;
  /** `[count]`: steps of the episode so far, 0 where one begins. */
  readonly steps: Int32Array<ArrayBuffer>;
  /** `[count]`: return of the episode so far. */
  readonly returns: Float64Array<ArrayBuffer>;
}

/** What the worker tells the page. */
export type Message =
  | { readonly kind: "started" }
  /** One or more iterations, oldest first. */
  | { readonly kind: "reports"; readonly reports: readonly PpoReport[] }
  /** Training began to go wrong in a way that people know. */
  | { readonly kind: "warned"; readonly warning: TrainingWarning }
  /** Training has stopped or reached its budget; an evaluation follows by itself. */
  | { readonly kind: "paused"; readonly steps: number; readonly targetSteps: number }
  | { readonly kind: "evaluated"; readonly result: EvaluationResult }
  | { readonly kind: "played"; readonly moments: Moments }
  | { readonly kind: "saved"; readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> }
  /** One sentence; `option` where it is about one of the run's options. */
  | { readonly kind: "failed"; readonly message: string; readonly option?: OptionName };

/** Sends a message to the page; buffers among `transfer` are handed over, not copied. */
export type Post = (message: Message, transfer?: Transferable[]) => void;
