export { decodeCheckpoint, encodeCheckpoint } from "./checkpoint/checkpoint.js";
export type { Checkpoint } from "./checkpoint/checkpoint.js";
export { decodeJson, encodeJson } from "./checkpoint/json-numbers.js";
export { allowedText } from "./options/allowed.js";
export type { OptionForm } from "./options/allowed.js";
export { defineOptions } from "./options/define.js";
export { optionDescriptions } from "./options/describe.js";
export type { OptionDescription } from "./options/describe.js";
export { checkOption, resolveOptions, unknownNameError } from "./options/resolve.js";
export type {
  BooleanOption,
  ChoiceOption,
  GivenOptions,
  IntegerOption,
  IntegersOption,
  NumberOption,
  OptionDefinition,
  OptionSchema,
  OptionsAgree,
  OptionsOf,
  OptionValue,
  ScheduleOption,
  TextOption,
} from "./options/schema.js";
export { flagName, formatOption, parseOption, parseOptions } from "./options/text.js";
export { decodeSafetensors } from "./safetensors/decode.js";
export type { Safetensors } from "./safetensors/decode.js";
export type { TensorArray, TensorData } from "./safetensors/dtypes.js";
export { encodeSafetensors } from "./safetensors/encode.js";
export { EventLoopPacer } from "./pace/event-loop-pacer.js";
export { requireSignal } from "./pace/require-signal.js";
export { EpisodeStatistics } from "./report/episode-statistics.js";
export type { StepOutcome } from "./report/episode-statistics.js";
export { metricsLine, parseMetricsLine } from "./report/metrics.js";
export type { Metrics } from "./report/metrics.js";
export { formatProgress } from "./report/progress.js";
export type { Report } from "./report/report.js";
export { Minibatches } from "./rollout/minibatches.js";
export type { Minibatch } from "./rollout/minibatches.js";
export type { Rollout } from "./rollout/rollout.js";
export { RolloutBuffer } from "./rollout/rollout-buffer.js";
export type { Decisions, Outcomes, RecordedEnvironments } from "./rollout/rollout-buffer.js";
export type { Agent, Algorithm, TrainOptions } from "./agent/agent.js";
export { TrainingLoop } from "./agent/training-loop.js";
export type { Pace } from "./agent/abortable-pace.js";
export type { CountedByLoop, Iteration, IterationResult, LoopBody, Snapshot } from "./agent/loop-body.js";
export { loadStoreTensors, storeTensors } from "./checkpoint/store-tensors.js";
export { ActionMask } from "./policy/action-mask.js";
export { evaluatePolicy } from "./policy/evaluate-policy.js";
export type { EvaluationOptions } from "./policy/evaluate-policy.js";
export { policyNetwork, valueNetwork } from "./policy/networks.js";
export type {
  NetworkOptions,
  PolicyNetwork,
  PolicyNetworkOptions,
  ValueNetwork,
  ValueNetworkOptions,
} from "./policy/networks.js";
export { noiseLength } from "./policy/noise-length.js";
export { ObservationScaling } from "./policy/observation-scaling.js";
export { playEpisodes } from "./policy/play-episodes.js";
export type { Actor, EpisodeOptions, Evaluation } from "./policy/play-episodes.js";
export { PolicyActor } from "./policy/policy-actor.js";
export { Policy } from "./policy/policy.js";
export type { ActOptions, PolicyOptions } from "./policy/policy.js";
export { withinBounds } from "./policy/within-bounds.js";
export { RunningMeans } from "./report/running-means.js";
export { TrainingEnvironments } from "./rollout/training-environments.js";
export type { TrainingEnvironmentsOptions } from "./rollout/training-environments.js";
export { divergenceError } from "./agent/divergence-error.js";
export { newAgent, resumedAgent } from "./agent/loop-agent.js";
export type { AgentMaker, LearnedFrom, Learner } from "./agent/loop-agent.js";
export type { StoredTransitions } from "./agent/stored-transitions.js";
export { normalized } from "./on-policy/normalized.js";
export { onPolicyOptions, valueFitOptions } from "./on-policy/on-policy-options.js";
export type { OnPolicyOptions } from "./on-policy/on-policy-options.js";
export type { OnPolicyProblem } from "./on-policy/on-policy-problem.js";
export type { OnPolicySettings } from "./on-policy/on-policy-settings.js";
export { policyGradientLoss } from "./on-policy/policy-gradient-loss.js";
export type { PolicyGradientLossInputs } from "./on-policy/policy-gradient-loss.js";
export { requireWithinRollout } from "./on-policy/require-within-rollout.js";
export { RolloutCollector } from "./on-policy/rollout-collector.js";
export type { ActorCritic, CollectorOptions } from "./on-policy/rollout-collector.js";
export { rolloutMetrics } from "./on-policy/rollout-metrics.js";
export type { RolloutMetrics } from "./on-policy/rollout-metrics.js";
export { ValueFit } from "./on-policy/value-fit.js";
export type { ValueFitSettings } from "./on-policy/value-fit.js";
export { firstEpisodes, markedSteps } from "./on-policy/whole-episodes.js";
export { debugLines } from "./diagnosis/debug-lines.js";
export { debugReport } from "./diagnosis/debug-report.js";
export type { DebugOptions, DebugReport } from "./diagnosis/debug-report.js";
export type { GradientAgreement } from "./diagnosis/gradient-agreement.js";
export { TrainingWarnings } from "./diagnosis/training-warnings.js";
export type { TrainingWarning, WarningName } from "./diagnosis/training-warnings.js";
export { addJsonLines } from "./replay/json-lines.js";
export { PrioritizedSampler } from "./replay/prioritized-sampler.js";
export type { PrioritizedSamplerOptions } from "./replay/prioritized-sampler.js";
export { ReplayBuffer } from "./replay/replay-buffer.js";
export type { GatherOptions, ReplayBufferOptions } from "./replay/replay-buffer.js";
export { encodeReplay, loadReplay } from "./replay/replay-file.js";
export type { ReplayBatch, ReplayDecisions, ReplayOutcomes, Transitions } from "./replay/transitions.js";
export { UniformSampler } from "./replay/uniform-sampler.js";
export type { SamplerOptions } from "./replay/uniform-sampler.js";
