// The page that `npm run laws` writes: a row for each package, by name.

const columns = ["package", "properties", "runs of each", "runs in all", "failures", "minutes", "seed", "Node.js", "date"];

/** A number as the page shows it: 10,000. */
const grouped = (value) => value.toLocaleString("en-GB");

/**
 * The row of a package, from the properties that were checked.
 *
 * @param checked - `{ law, runs, passed }` of each property.
 * @param run - `{ name, runs, minutes, seed, node, date, crashed }`; crashed where the tests failed though no property did.
 */
export function lawRow(checked, { name, runs, minutes, seed, node, date, crashed }) {
  const others = checked.map((one) => one.runs).filter((count) => count !== runs);
  const each = others.length === 0 ? grouped(runs) : `${grouped(runs)}; ${others.length} with ${rangeOf(others)}`;
  const failures = checked.filter(({ passed }) => !passed).length + (crashed ? 1 : 0);
  const total = checked.reduce((sum, one) => sum + one.runs, 0);
  return [`\`${name}\``, grouped(checked.length), each, grouped(total), String(failures), minutes.toFixed(1), seed, node, date];
}

function rangeOf(counts) {
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return least === most ? grouped(least) : `${grouped(least)} to ${grouped(most)}`;
}

/** The page with a row in place of the one of the same package, or beside the others; the rest as it was. */
export function pageWith(page, row) {
  const rows = [...rowsOf(page).filter(([name]) => name !== row[0]), row].sort(([a], [b]) => (a < b ? -1 : 1));
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return `# Laws

Each row is a package's tests with the properties (fast-check) at many runs each, where the tests of every change take 100:

\`\`\`sh
npm run laws
\`\`\`

A property that sets its own number of runs, because a run is costly or because more are needed, keeps its proportion to 100.

${[line(columns), line(columns.map(() => "---")), ...rows.map(line)].join("\n")}
`;
}

function rowsOf(page) {
  return page
    .split("\n")
    .filter((text) => text.startsWith("| `"))
    .map((text) => text.slice(2, -2).split(" | "));
}
