const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * The first key that occurs twice in one object of a JSON text, which `JSON.parse` would pass over in silence.
 *
 * @param json - A text that `JSON.parse` accepts.
 * @returns The key, or `undefined` where every key is there once.
 */
export function duplicateKey(json: string): string | undefined {
  const open: (Set<string> | undefined)[] = [];
  let text = "";
  for (let position = 0; position < json.length; position++) {
    switch (json[position]) {
      case "{":
        open.push(new Set());
        break;
      case "[":
        open.push(undefined);
        break;
      case "}":
      case "]":
        open.pop();
        break;
      case '"': {
        const end = stringEnd(json, position);
        text = json.slice(position, end);
        position = end - 1;
        break;
      }
      case ":": {
        const key = JSON.parse(text) as string;
        const keys = open.at(-1);
        if (keys?.has(key) === true) return key;
        keys?.add(key);
        break;
      }
    }
  }
  return undefined;
}

/** The position after the string that starts at `start`. */
function stringEnd(json: string, start: number): number {
  for (let position = start + 1; position < json.length; position++) {
    const code = json.charCodeAt(position);
    if (code === BACKSLASH) position++;
    else if (code === QUOTE) return position + 1;
  }
  return json.length;
}
