/** The vector of length 1 in the same direction: a cosine and sine that were blended are one of an angle again. */
export function unitVector(x: number, y: number): readonly [number, number] {
  const length = Math.sqrt(x * x + y * y);
  return length === 0 ? [1, 0] : [x / length, y / length];
}
