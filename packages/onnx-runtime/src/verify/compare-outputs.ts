import type { ExportablePolicy } from "../policy/exportable-policy.js";
import type { PolicyExpressions } from "../policy/policy-expressions.js";
import type { PolicyOutputs } from "../runtime/session.js";
import { compareChoices } from "./compare-choices.js";
import { largestDifference } from "./difference.js";
import type { Difference, LargestDifference } from "./difference.js";
import type { Probes } from "./probes.js";
import { referenceOf } from "./reference.js";
import type { VerifiableDistribution } from "./verifiable-distribution.js";

/**
 * The largest difference of each output of a file from the float64 reference.
 *
 * @param policy - What the file was made from.
 * @param expressions - Its expressions.
 * @param probes - The observations.
 * @param file - What the file gave for them.
 */
export function compareOutputs<D extends VerifiableDistribution>(
  policy: ExportablePolicy<D>,
  expressions: PolicyExpressions<D>,
  probes: Probes,
  file: PolicyOutputs,
): Record<string, Difference> {
  const { distribution, parameters, action, variables } = expressions;
  const { store, actionSpace } = policy;
  const { values, scales } = referenceOf({ outputs: { ...parameters, action }, variables, store }, probes);
  const differences: Record<string, Difference> = {};
  for (const name of Object.keys(values)) {
    const sides = { policy: values[name], file: file[name] };
    const largest =
      name === "action" && actionSpace.kind !== "box"
        ? compareChoices({
            ...sides,
            logProbability: (choice) => distribution.logProbability(choice),
            observations: probes.data,
            store,
            actionSpace,
            scales: rowScales(Object.keys(parameters).map((parameter) => scales[parameter]), probes.places.length),
          })
        : largestDifference(sides.policy, sides.file, scales[name]);
    differences[name] = differenceAt(largest, sides, probes);
  }
  return differences;
}

/** The largest scale in each row of all parameters. */
function rowScales(scales: readonly Float64Array[], rows: number): Float64Array {
  const largest = new Float64Array(rows);
  for (const values of scales) {
    const width = values.length / rows;
    values.forEach((value, index) => {
      const row = Math.floor(index / width);
      largest[row] = Math.max(largest[row], value);
    });
  }
  return largest;
}

function differenceAt(
  { relative, index }: LargestDifference,
  { policy, file }: { policy: ArrayLike<number>; file: ArrayLike<number> },
  { data, places }: Probes,
): Difference {
  const row = Math.floor((index * places.length) / policy.length);
  const size = data.length / places.length;
  const observation = data.slice(row * size, (row + 1) * size);
  return { relative, policy: policy[index], file: file[index], observation, place: places[row] };
}
