/**
 * The cell that a move leads to in a grid of numbered rows; the edge holds.
 *
 * @param from - Cell columns · row + column.
 * @param move - By how many rows down and columns right.
 */
export function gridStep(from: number, [down, right]: readonly [number, number], rows: number, columns: number): number {
  const row = Math.min(Math.max(Math.floor(from / columns) + down, 0), rows - 1);
  const column = Math.min(Math.max((from % columns) + right, 0), columns - 1);
  return row * columns + column;
}
