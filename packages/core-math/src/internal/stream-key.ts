/**
 * The spawn-key words of a stream's name: its length, then its UTF-16 code units, two a word.
 *
 * No two names share words, and since the length comes first, neither do two paths of names: `split("a").split("b")`
 * and `split("ab")` are different streams.
 */
export function streamKey(name: string): number[] {
  const words = [name.length];
  for (let i = 0; i < name.length; i += 2) {
    const second = i + 1 < name.length ? name.charCodeAt(i + 1) : 0;
    words.push((name.charCodeAt(i) | (second << 16)) >>> 0);
  }
  return words;
}
