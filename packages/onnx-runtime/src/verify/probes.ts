/** One observation on which file and policy are compared, and where it comes from. */
export interface Probe {
  /** float32 `[size]`. */
  readonly observation: Float32Array;
  /** Such as `episode 2, step 14`. */
  readonly place: string;
}

/** Observations as one batch. */
export interface Probes {
  /** float32 `[places.length, size]`. */
  readonly data: Float32Array;
  /** Where each comes from. */
  readonly places: readonly string[];
}

/** Probes as one batch. */
export function probesOf(probes: readonly Probe[], size: number): Probes {
  const data = new Float32Array(probes.length * size);
  probes.forEach(({ observation }, index) => data.set(observation, index * size));
  return { data, places: probes.map(({ place }) => place) };
}
