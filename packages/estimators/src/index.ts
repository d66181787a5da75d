export { controlVariate } from "./baselines/control-variate.js";
export type { ControlledEstimate, ControlVariateOptions } from "./baselines/control-variate.js";
export { fitLinearBaseline, linearBaseline } from "./baselines/linear-baseline.js";
export type { LinearBaselineFit, LinearBaselineOptions } from "./baselines/linear-baseline.js";
export { constantBaseline, leaveOneOutBaseline, timeBaseline } from "./baselines/mean-baselines.js";
export type { BaselineReturns } from "./baselines/mean-baselines.js";
export { optimalBaseline } from "./baselines/optimal-baseline.js";
export type { ScoredReturns } from "./baselines/optimal-baseline.js";
export { demonstratedPolicy } from "./finite/demonstrated-policy.js";
export type { Demonstrations } from "./finite/demonstrated-policy.js";
export {
  policyGradientByImplicitFunction,
  policyGradientByVisitation,
  policyGradientThroughSolve,
} from "./finite/policy-gradients.js";
export type { ParametricPolicy } from "./finite/policy-gradients.js";
export { visitationChain, visitationSamples } from "./finite/visitation-samples.js";
export type { VisitationChainOptions, VisitationSamplesOptions } from "./finite/visitation-samples.js";
export { estimatorMoments } from "./gradients/estimator-moments.js";
export type { EstimatorMoments, EstimatorTrials } from "./gradients/estimator-moments.js";
export { likelihoodRatioGradient, naiveGradient, reparameterizedGradient } from "./gradients/expectation-gradients.js";
export type {
  GradientOptions,
  LikelihoodRatioOptions,
  NaiveGradientOptions,
  ReparameterizedOptions,
} from "./gradients/expectation-gradients.js";
export { scoreGradient } from "./gradients/score-gradient.js";
export type { ScoreGradientOptions } from "./gradients/score-gradient.js";
export { importanceSampledMean, selfNormalizedMean } from "./importance/importance-sampling.js";
export type { ImportanceSampledMeanOptions, WeightedSamples } from "./importance/importance-sampling.js";
export { effectiveSampleSize, importanceWeights, selfNormalizedWeights } from "./importance/importance-weights.js";
export type { ImportanceSamples, ImportanceWeightOptions } from "./importance/importance-weights.js";
export { bootstrappedReturns, discountedReturns } from "./returns/discounted-returns.js";
export { discountPerStep, episodeReturnPerStep } from "./returns/episodes.js";
export { gaeAdvantagesByDefinition } from "./returns/gae-advantages-by-definition.js";
export { gaeAdvantages } from "./returns/gae-advantages.js";
export type { GaeRollout } from "./returns/gae-advantages.js";
export { lambdaReturns } from "./returns/lambda-returns.js";
export type { LambdaRollout } from "./returns/lambda-returns.js";
export { nStepReturns } from "./returns/n-step-returns.js";
export type { NStepRollout } from "./returns/n-step-returns.js";
export type { BootstrappedRolloutArrays, RolloutArrays, ValuedRolloutArrays } from "./returns/rollout.js";
export { tdErrorsPerStep } from "./returns/td-errors-per-step.js";
export { vTraceAdvantages, vTraceTargets } from "./returns/v-trace.js";
export type { OffPolicyRollout, VTraceAdvantageRollout, VTraceRollout } from "./returns/v-trace.js";
