import type { Configuration } from "./configuration.js";
import { readResults } from "./results-file.js";
import { medianReturn } from "./summary.js";

/** A line a configuration: how many seeds have a result, and how they went beside what is asked. */
export async function stateLines(folder: string, configurations: readonly Configuration[]): Promise<readonly string[]> {
  const width = Math.max(...configurations.map(({ name }) => name.length));
  return Promise.all(
    configurations.map(async (configuration) => {
      const { seeds } = await readResults(folder, configuration);
      const median = seeds.length === 0 ? "" : `, median ${medianReturn(seeds).toFixed(1)}`;
      const asked = configuration.goal === null ? "" : `, ${configuration.goal} asked`;
      return `${configuration.name.padEnd(width)}  ${seeds.length} seeds${median}${asked}`;
    }),
  );
}
