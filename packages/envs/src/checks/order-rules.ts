import type { Environment } from "../environment.js";
import { savesState } from "../internal/saves-state.js";
import type { JsonValue } from "../json.js";
import { type Probe, play, sampledActions, throws } from "./probe.js";
import type { Rule } from "./rule.js";
import { sameValue } from "./same-value.js";

const STEPS = 60;
/** Steps before the state is saved: early in an episode, and after a few. */
const SAVED_AFTER: readonly number[] = [0, 1, 7, 50];

/** What must hold of the order of calls, and of saved states. */
export const orderRules: readonly Rule[] = [
  {
    name: "step-before-reset",
    remedy: "Throw a StateError from step while no episode is under way; makeEnvironment(source) does it too.",
    needs: ["step"],
    check(probe) {
      const environment = probe.make();
      return throws(() => stepOnce(environment)) ? undefined : "step() before reset(): expected an error, got a step";
    },
  },
  {
    name: "close",
    remedy: "Let close() do nothing the second time, and step() throw after it; makeEnvironment(source) does both.",
    needs: ["step"],
    check(probe) {
      const environment = probe.started(0);
      if (environment.close === undefined) return undefined;
      environment.close();
      if (throws(() => environment.close?.())) return "close() a second time: expected nothing, got an error";
      return throws(() => stepOnce(environment)) ? undefined : "step() after close(): expected an error, got a step";
    },
  },
  {
    name: "saved-state",
    remedy: "Put everything that decides what follows into saveState(), random.state() included, as plain JSON.",
    needs: ["repeatable"],
    check(probe) {
      const environment = probe.make();
      if ((environment.saveState === undefined) !== (environment.restoreState === undefined)) {
        return "saveState and restoreState: expected both or neither, got one";
      }
      if (!savesState(environment)) return undefined;
      const steps = SAVED_AFTER.find((after) => !continuesAlike(probe, after));
      return steps === undefined ? undefined : `restoreState(): went on differently when saved after ${steps} steps`;
    },
  },
];

function stepOnce(environment: Environment): void {
  for (const action of sampledActions(environment.actionSpace, 1)) environment.step(action);
}

/** Whether a fresh environment that takes the state goes on as the one that gave it, which goes on as one never asked. */
function continuesAlike(probe: Probe, steps: number): boolean {
  const [saved, undisturbed, restored] = [probe.started(11), probe.started(11), probe.started(12)];
  play(saved, steps);
  play(undisturbed, steps);
  const state: unknown = JSON.parse(JSON.stringify(saved.saveState?.()));
  const expected = future(undisturbed);
  if (!sameValue(future(saved), expected)) return false;
  restored.restoreState?.(state as JsonValue);
  return sameValue(future(restored), expected);
}

/** What follows, over unseeded resets as well. */
function future(environment: Environment): unknown {
  return [play(environment, STEPS), environment.reset(), play(environment, STEPS)];
}
