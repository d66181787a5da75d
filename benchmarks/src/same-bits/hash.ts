/** The 64-bit FNV-1a hash of numbers' bytes, as 16 hexadecimal digits: any other bit gives another hash. */
export function hashOf(arrays: Iterable<ArrayLike<number>>): string {
  let hash = 0xcbf29ce484222325n;
  for (const values of arrays) {
    for (const byte of new Uint8Array(Float32Array.from(values).buffer)) {
      hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
    }
  }
  return hash.toString(16).padStart(16, "0");
}
