import type { Step } from "../environment.js";
import type { Box } from "../spaces/box.js";
import type { Space } from "../spaces/space.js";
import { type Probe, shown, throws } from "./probe.js";
import type { Rule } from "./rule.js";
import { sameValue } from "./same-value.js";

const SEEDS: readonly number[] = [0, 1, 2];

/** What `step` must do with actions out of the ordinary. */
export const actionRules: readonly Rule[] = [
  {
    name: "action-validation",
    remedy: "Begin step with requireAction(name, this.actionSpace, action); makeEnvironment(source) checks it too.",
    needs: ["step"],
    check(probe) {
      const wrong = wrongActions(probe.make().actionSpace);
      const accepted = wrong.find((action) => !throws(() => probe.started(0).step(action as number)));
      return accepted === undefined ? undefined : `step(${shown(accepted)}): expected an error, got a step`;
    },
  },
  {
    name: "action-clipping",
    remedy: "Let an action outside the box move things as the nearest one within: actionSpace.clip(action).",
    needs: ["repeatable"],
    check(probe) {
      const { actionSpace } = probe.make();
      if (actionSpace.kind !== "box") return undefined;
      for (const action of actionsBeyond(actionSpace)) {
        for (const seed of SEEDS) {
          const [beyond, nearest] = [stepFrom(probe, seed, action), stepFrom(probe, seed, actionSpace.clip(action))];
          if (sameMove(beyond, nearest)) continue;
          return `step(${shown(action)}): expected what ${shown(actionSpace.clip(action))} leads to, got something else`;
        }
      }
      return undefined;
    },
  },
];

/** Values that are no actions: out of range, of another shape, or not finite. */
function wrongActions(space: Space): readonly unknown[] {
  if (space.kind === "discrete") return [space.n, -1, 0.5, Number.NaN];
  if (space.kind !== "box") {
    const [first, ...rest] = new Int32Array(space.size);
    const wrong = [[space.counts[0], ...rest], [-1, ...rest], [first, ...rest, 0]].map((choices) => Int32Array.from(choices));
    return [...wrong, [first, ...rest], 0];
  }
  const middle = space.clip(new Float32Array(space.size));
  const notANumber = Float32Array.from(middle, (value, i) => (i === 0 ? Number.NaN : value));
  return [Float32Array.from([...middle, 0]), notANumber, 0.5];
}

/** Actions beyond the upper and the lower bounds, wherever these are finite. */
function actionsBeyond(space: Box): readonly Float32Array[] {
  const width = (i: number): number => 1 + Math.abs(space.low[i]) + Math.abs(space.high[i]);
  const above = space.high.map((bound, i) => (Number.isFinite(bound) ? bound + width(i) : 0));
  const below = space.low.map((bound, i) => (Number.isFinite(bound) ? bound - width(i) : 0));
  return [above, below].filter((action) => action.every(Number.isFinite) && !space.contains(action));
}

function stepFrom(probe: Probe, seed: number, action: Float32Array): Step {
  return probe.started(seed).step(action);
}

/** The same but for the reward, which may look at the action as it came. */
function sameMove(a: Step, b: Step): boolean {
  return sameValue(a.observation, b.observation) && a.terminated === b.terminated && a.truncated === b.truncated;
}
