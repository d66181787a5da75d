/**
 * Rows in columns, as wide as their widest cell.
 *
 * @param rows - Cells by row; rows may be of different lengths.
 * @param indent - Spaces before each row.
 * @returns One line a row.
 */
export function table(rows: readonly (readonly string[])[], indent = 0): readonly string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(0, ...rows.map((row) => (row[column] ?? "").length)),
  );
  return rows.map((row) => `${" ".repeat(indent)}${row.map((cell, i) => cell.padEnd(widths[i])).join("  ")}`.trimEnd());
}
