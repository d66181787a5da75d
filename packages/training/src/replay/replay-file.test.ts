import { FormatError } from "@uphill/core-math";
import { box, discrete } from "@uphill/envs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { heldBatch, recorded, streams, transitionsOf } from "../../test/transitions.js";
import { encodeCheckpoint } from "../checkpoint/checkpoint.js";
import { addJsonLines } from "./json-lines.js";
import { ReplayBuffer } from "./replay-buffer.js";
import { encodeReplay, loadReplay } from "./replay-file.js";

const [steps] = fc.sample(streams(1, 20).map((drawn) => drawn.slice(0, 20)), { numRuns: 1, seed: 5 });
const emptyBuffer = (capacity = 30) => new ReplayBuffer(recorded(1), { capacity });

function someBuffer() {
  const buffer = emptyBuffer();
  for (const step of steps) buffer.add(transitionsOf(step));
  return buffer;
}

describe("encodeReplay and loadReplay", () => {
  it("give the same transitions", () => {
    const [buffer, loaded] = [someBuffer(), emptyBuffer(1000)];
    loadReplay(loaded, encodeReplay(buffer));
    expect(heldBatch(loaded, { gamma: 0.9, steps: 3 })).toEqual(heldBatch(buffer, { gamma: 0.9, steps: 3 }));
  });

  it("refuse files that are damaged, of others, or too large, and leave the buffer as it was", () => {
    const bytes = encodeReplay(someBuffer());
    const buffer = emptyBuffer();
    const refused = (file: Uint8Array, message: string, into: ReplayBuffer = buffer) => {
      expect(() => loadReplay(into, file)).toThrow(FormatError);
      expect(() => loadReplay(into, file)).toThrow(message);
      expect(into.size).toBe(0);
    };
    refused(bytes.subarray(0, bytes.length - 1), "the file is cut off");
    refused(Uint8Array.from(bytes, (byte, k) => (k === bytes.length - 3 ? byte ^ 1 : byte)), "the file is damaged");
    refused(new TextEncoder().encode("not a file of ours"), "safetensors");
    refused(encodeCheckpoint({ algorithm: "ppo", options: {}, tensors: {}, state: {} }), "expected a file of transitions, got a checkpoint of ppo");
    refused(bytes, `expected at most 2 transitions, got ${steps.length}`, emptyBuffer(2));
    refused(bytes, 'expected actions one of 3, got "1 numbers"', new ReplayBuffer({ ...recorded(1), actionSpace: discrete(3) }, { capacity: 9 }));
    refused(bytes, "expected whole steps of 2 environments, got those of 1", new ReplayBuffer(recorded(2), { capacity: 40 }));
  });
});

describe("addJsonLines", () => {
  const lines = steps.map(([{ observation, action, reward, next, terminated, truncated }]) =>
    JSON.stringify({ observation, action: [action], reward, nextObservation: next, terminated: terminated === 1, truncated: truncated === 1 }),
  );

  it("adds the transitions of a list or a stream", async () => {
    const [listed, streamed] = [emptyBuffer(), emptyBuffer()];
    async function* stream() {
      for (const line of lines) yield await Promise.resolve(line);
    }
    expect(await addJsonLines(listed, [...lines, ""])).toBe(steps.length);
    await addJsonLines(streamed, stream());
    const expected = heldBatch(someBuffer(), { gamma: 0.9, steps: 2 });
    expect(heldBatch(listed, { gamma: 0.9, steps: 2 })).toEqual(expected);
    expect(heldBatch(streamed, { gamma: 0.9, steps: 2 })).toEqual(expected);
  });

  const line = { observation: [0, 0], action: [0], reward: 0, nextObservation: [0, 0], terminated: false };
  it.each<[string, string, string]>([
    ["no JSON", "{", "line 2: "],
    ["a list", "[]", "line 2: transition: expected an object"],
    ["a text for a reward", JSON.stringify({ ...line, reward: "1" }), 'line 2: reward: expected a finite number, got "1"'],
    ["an observation of another length", JSON.stringify({ ...line, observation: [0] }), "line 2: observations: expected length 2"],
    ["no next observation", JSON.stringify({ ...line, nextObservation: undefined }), "line 2: nextObservation: expected an array"],
    ["an index for a vector", JSON.stringify({ ...line, action: 1 }), "line 2: action of transition: expected"],
    ["nothing", "{}", "line 2: observation: expected an array"],
    ["what JSON makes of NaN", JSON.stringify({ ...line, observation: [0, NaN] }), "line 2: observation[1]: expected a finite number, got null"],
    ["a next observation of texts", JSON.stringify({ ...line, nextObservation: ["0", "0"] }), 'line 2: nextObservation[0]: expected a finite number, got "0"'],
    ["an action that was NaN", JSON.stringify({ ...line, action: [NaN] }), "line 2: action[0]: expected a finite number, got null"],
    ["an infinite action", JSON.stringify(line).replace('"action":[0]', '"action":[1e999]'), "line 2: action[0]: expected a finite number, got Infinity"],
    ["no flag", JSON.stringify({ ...line, terminated: 0 }), "line 2: terminated: expected true or false, got 0"],
  ])("names the line of %s", async (_, text, message) => {
    const buffer = emptyBuffer();
    const adding = addJsonLines(buffer, [JSON.stringify(line), text]);
    await expect(adding).rejects.toThrow(FormatError);
    await expect(adding).rejects.toThrow(message);
    expect(buffer.size).toBe(1);
  });

  it("takes actions within their bounds, as float32 has them", async () => {
    const buffer = new ReplayBuffer({ ...recorded(1), actionSpace: box({ low: -0.1, high: 0.1, shape: [1] }) }, { capacity: 9 });
    await addJsonLines(buffer, [JSON.stringify({ ...line, action: [-0.1] }), JSON.stringify({ ...line, action: [0.1] })]);
    const adding = addJsonLines(buffer, [JSON.stringify({ ...line, action: [0.5] })]);
    await expect(adding).rejects.toThrow(FormatError);
    await expect(adding).rejects.toThrow(/^line 1: action\[0\]: expected a finite number in \[-0\.1\d*, 0\.1\d*\], got 0\.5$/u);
    expect(buffer.size).toBe(2);
  });

  it("takes choices", async () => {
    const buffer = new ReplayBuffer({ ...recorded(1), actionSpace: discrete(3) }, { capacity: 9 });
    await addJsonLines(buffer, [JSON.stringify({ ...line, action: 2 })]);
    const batch = buffer.emptyBatch(1);
    buffer.gather(batch, { gamma: 1 });
    expect(batch.actions).toEqual(Int32Array.of(2));
    await expect(addJsonLines(buffer, [JSON.stringify({ ...line, action: 3 })])).rejects.toThrow("line 1: action of transition");
  });
});
