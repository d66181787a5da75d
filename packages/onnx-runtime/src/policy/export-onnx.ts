import { requireString } from "@uphill/core-math";
import type { writeFileAtomically } from "@uphill/training/node";
import { importAtRunTime } from "../runtime/import-at-run-time.js";
import { encodeOnnx } from "./encode-onnx.js";
import type { ExportablePolicy } from "./exportable-policy.js";

/**
 * Writes a policy to an ONNX file. What the file holds, {@link encodeOnnx} says.
 *
 * The file appears whole or not at all: it is written beside its place and then renamed. In a browser, hand the bytes of
 * {@link encodeOnnx} to the page instead.
 *
 * @param policy - The policy.
 * @param path - Where the file goes; a file that is there already is replaced.
 * @throws FileError where the path cannot be written; else what {@link encodeOnnx} throws.
 */
export async function exportOnnx(policy: ExportablePolicy, path: string): Promise<void> {
  requireString("path", path);
  const bytes = encodeOnnx(policy);
  const files = (await importAtRunTime("@uphill/training/node")) as { readonly writeFileAtomically: typeof writeFileAtomically };
  await files.writeFileAtomically(path, bytes);
}
