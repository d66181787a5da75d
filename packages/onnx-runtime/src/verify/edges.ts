import type { Box } from "@uphill/envs";
import type { Probe } from "./probes.js";

/** How far out the edges go where a bound is farther still, or infinite. */
const MAGNITUDES = [1, 1e2, 1e4, 1e6] as const;

/**
 * The edges of a box: the origin; all elements as low and all as high as ±1, ±100, ±10⁴, ±10⁶ and the bounds allow; and
 * each element alone at its lowest and its highest, the others at the origin. The origin is the point of the box that is
 * nearest to 0.
 */
export function edgesOf(space: Box): Probe[] {
  const origin = space.clip(new Float32Array(space.size));
  const far = MAGNITUDES[MAGNITUDES.length - 1];
  const probes: Probe[] = [{ place: "the origin", observation: origin }];
  for (const magnitude of MAGNITUDES) {
    probes.push({ place: `every element at -${magnitude} or its lower bound`, observation: corner(space, -magnitude) });
    probes.push({ place: `every element at ${magnitude} or its upper bound`, observation: corner(space, magnitude) });
  }
  for (let i = 0; i < space.size; i++) {
    probes.push({ place: `element ${i} at its lowest`, observation: origin.with(i, corner(space, -far)[i]) });
    probes.push({ place: `element ${i} at its highest`, observation: origin.with(i, corner(space, far)[i]) });
  }
  return distinct(probes);
}

function corner(space: Box, value: number): Float32Array {
  return space.clip(new Float32Array(space.size).fill(value));
}

function distinct(probes: readonly Probe[]): Probe[] {
  const seen = new Set<string>();
  return probes.filter(({ observation }) => {
    const key = observation.join();
    return !seen.has(key) && seen.add(key);
  });
}
