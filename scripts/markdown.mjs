// The fenced code blocks of a Markdown document.

/** Every block fenced by three backticks: `{ language, tags, code, line }`, `line` that of its first code line. */
export function codeBlocks(markdown) {
  const blocks = [];
  let open;
  markdown.split("\n").forEach((text, index) => {
    const fence = /^(\s*)```(.*)$/.exec(text);
    if (fence === null) {
      open?.lines.push(text.startsWith(open.indent) ? text.slice(open.indent.length) : text.trimStart());
    } else if (open === undefined) {
      const [language = "", ...tags] = fence[2].trim().split(/\s+/);
      open = { language, tags, indent: fence[1], lines: [], line: index + 2 };
    } else {
      blocks.push({ language: open.language, tags: open.tags, code: open.lines.join("\n"), line: open.line });
      open = undefined;
    }
  });
  return blocks;
}
