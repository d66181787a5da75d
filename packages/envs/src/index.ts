export { acrobot } from "./acrobot.js";
export { requireAction, requireActions } from "./actions.js";
export { cartPole } from "./cart-pole.js";
export { checkEnvironment, checkVectorEnvironment } from "./check-environment.js";
export type { Finding, RuleName, SingleRuleName, VectorMaker, VectorRuleName } from "./check-environment.js";
export { environmentFromDynamics } from "./dynamics.js";
export type { Dynamics, DynamicsDefinition } from "./dynamics.js";
export type { Canvas2D, Colours, Drawing, Scene, Surface } from "./drawing/drawing.js";
export type {
  Environment,
  EnvironmentBatch,
  EnvironmentDefinition,
  EnvironmentSource,
  ResetOptions,
  Step,
  StepResults,
} from "./environment.js";
export { blackjackMdp, blackjackState } from "./finite/blackjack-mdp.js";
export type { BlackjackHand } from "./finite/blackjack-mdp.js";
export { blackjack } from "./finite/blackjack.js";
export { cliffWalking, cliffWalkingSlippery } from "./finite/cliff-walking.js";
export { environmentFromMdp } from "./finite/environment-from-mdp.js";
export type { FiniteEnvironmentDefinition, FiniteEnvironmentTraits } from "./finite/finite-environment.js";
export { frozenLakeMap } from "./finite/frozen-lake-map.js";
export type { FrozenLakeMapOptions } from "./finite/frozen-lake-map.js";
export { frozenLake, frozenLake8x8, frozenLakeWith } from "./finite/frozen-lake.js";
export type { FrozenLakeOptions } from "./finite/frozen-lake.js";
export { taxi, taxiWith } from "./finite/taxi.js";
export type { TaxiOptions } from "./finite/taxi.js";
export { guard } from "./guard.js";
export type { GuardedEnvironment } from "./guard.js";
export { importEnvironment, moduleOf, threadPreloadKey } from "./import-environment.js";
export type { EnvironmentModule } from "./import-environment.js";
export type { JsonValue } from "./json.js";
export { definitionOf, makeEnvironment, makeVectorEnvironment } from "./make.js";
export type { VectorEnvironmentOptions } from "./make.js";
export { bernoulliBandit, gaussianBandit } from "./known/bandit.js";
export type { BernoulliBanditOptions, GaussianBanditOptions } from "./known/bandit.js";
export { linearQuadratic } from "./known/linear-quadratic.js";
export type { LinearQuadraticOptions } from "./known/linear-quadratic.js";
export { memoryCue } from "./known/memory-cue.js";
export type { MemoryCueOptions } from "./known/memory-cue.js";
export { riccatiSolution } from "./known/riccati.js";
export type { RiccatiSolution } from "./known/riccati.js";
export { mountainCarContinuous } from "./mountain-car-continuous.js";
export { mountainCar } from "./mountain-car.js";
export { ObservationNormalizer } from "./observation-normalizer.js";
export type { ObservationNormalizerOptions } from "./observation-normalizer.js";
export { pendulum } from "./pendulum.js";
export { environments, findEnvironment } from "./registry.js";
export { RewardNormalizer } from "./reward-normalizer.js";
export type { RewardNormalizerOptions } from "./reward-normalizer.js";
export { actionAt, emptyActions } from "./spaces/actions-of.js";
export { Box, box } from "./spaces/box.js";
export type { BoxOptions } from "./spaces/box.js";
export { Dictionary, dictionary } from "./spaces/dictionary.js";
export type { NamedSpacesOf } from "./spaces/dictionary.js";
export { Discrete, discrete } from "./spaces/discrete.js";
export { flatBox, flattenPoint } from "./spaces/flatten.js";
export type { KindOfSpace, Mask } from "./spaces/kind-of-space.js";
export { MultiBinary, multiBinary } from "./spaces/multi-binary.js";
export { MultiDiscrete, multiDiscrete } from "./spaces/multi-discrete.js";
export { isActionSpace, spaceFromJSON } from "./spaces/space.js";
export type { ActionOf, ActionsOf, AnySpace, Space } from "./spaces/space.js";
export { Tuple, tuple } from "./spaces/tuple.js";
export type { SpacesOf } from "./spaces/tuple.js";
export type { AutoresetMode, VectorEnvironment, VectorResetOptions } from "./vector-environment.js";
export { actionMask } from "./wrappers/action-mask.js";
export { clipAction, clipObservation, clipReward, rescaleAction } from "./wrappers/clip.js";
export { episodeStatistics } from "./wrappers/episode-statistics.js";
export type { EpisodeSummary } from "./wrappers/episode-statistics.js";
export { frameStack } from "./wrappers/frame-stack.js";
export { seenAs } from "./wrappers/seen-as.js";
export { normalizeObservation } from "./wrappers/normalize-observation.js";
export type { NormalizeObservationOptions } from "./wrappers/normalize-observation.js";
export { normalizeReward } from "./wrappers/normalize-reward.js";
export type { NormalizeRewardOptions } from "./wrappers/normalize-reward.js";
export { oneHotObservation } from "./wrappers/one-hot-observation.js";
export { recordEpisodes } from "./wrappers/record-episodes.js";
export type { SceneBehind } from "./wrappers/scene-behind.js";
export { timeAwareObservation } from "./wrappers/time-aware-observation.js";
export { timeLimit } from "./wrappers/time-limit.js";
export { transformAction, transformObservation, transformReward } from "./wrappers/transform.js";
export { wrap } from "./wrappers/wrap.js";
export type { Layer, WrappedEnvironments } from "./wrappers/wrap.js";
