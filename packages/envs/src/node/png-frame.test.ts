import { NumericalError, OptionError } from "@uphill/core-math";
import { loadImage } from "@napi-rs/canvas";
import { expect, test } from "vitest";
import { cartPole } from "../cart-pole.js";
import { frozenLake } from "../finite/frozen-lake.js";
import { makeEnvironment } from "../make.js";
import { findEnvironment } from "../registry.js";
import { pngFrame } from "./png-frame.js";

const PNG_BEGINNING = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const upright = { observation: [0, 0, 0, 0], action: [0] };

test("a cart with its pole as a PNG file of the size asked for", async () => {
  const png = await pngFrame(cartPole.drawing, upright, { width: 320, height: 200 });
  expect([...png.subarray(0, 8)]).toEqual(PNG_BEGINNING);
  const image = await loadImage(Buffer.from(png));
  expect([image.width, image.height]).toEqual([320, 200]);
});

test.each(["CartPole-v1", "Pendulum-v1", "Acrobot-v1", "MountainCar-v0", "MountainCarContinuous-v0"])(
  "%s: one scene gives one picture, and another another",
  async (id) => {
    const environment = findEnvironment(id);
    const frame = (seed: number): Promise<Uint8Array> => {
      const observation = makeEnvironment(environment).reset({ seed });
      return pngFrame(environment.drawing, { observation, action: [0] });
    };
    expect(await frame(1)).toEqual(await frame(1));
    expect(await frame(1)).not.toEqual(await frame(2));
  },
);

test("what cannot be drawn", async () => {
  await expect(pngFrame(frozenLake.drawing, upright)).rejects.toThrow(OptionError);
  await expect(pngFrame(cartPole.drawing, upright, { width: 0 })).rejects.toThrow(
    "width: expected an integer in [1, 8192], got 0",
  );
  await expect(pngFrame(cartPole.drawing, { observation: [0, 0, Number.NaN, 0], action: [0] })).rejects.toThrow(
    NumericalError,
  );
});
