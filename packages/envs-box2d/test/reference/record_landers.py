"""Records what Gymnasium 1.4.0 (pybox2d 2.3.10, NumPy 2.4.6, Python 3.11) does where no recording was at hand.

    pip install gymnasium==1.4.0 box2d==2.3.10 pygame numpy==2.4.6 && python record_landers.py

LunarLander-v3-wind.json, LunarLanderContinuous-v3-wind.json: episodes with wind, turbulence and a weak gravity, in the form
of the other recordings beside this file, the last discrete one flown by Gymnasium's own heuristic until it has landed. landings.json: for seeds 0 to 99, the return and the length of the episode that
Gymnasium's own heuristic flies. ground.json: the corners of the ground for some seeds, m.
"""

import json

import gymnasium
import numpy
from gymnasium.envs.box2d.lunar_lander import heuristic

CONDITIONS = {"gravity": -5.5, "enable_wind": True, "wind_power": 18.0, "turbulence_power": 1.9}


def action_of(env, state):
    if isinstance(env.action_space, gymnasium.spaces.Discrete):
        state = (state * 1664525 + 1013904223) % 2**32
        return int((state >> 8) * int(env.action_space.n) >> 24), state
    action = []
    for _ in range(2):
        state = (state * 1664525 + 1013904223) % 2**32
        action.append(numpy.float32(-1.5 + 3 * ((state >> 8) / 2**24)))
    return numpy.array(action, dtype=numpy.float32), state


def episodes(env, seed, steps, policy="lcg"):
    """Plays actions of a linear congruential generator, those of a box out of bounds by a half; or of the heuristic."""
    state = (seed * 2654435761 + 12345) % 2**32
    observation, _ = env.reset(seed=seed)
    run = {"seed": seed, "policy": policy, "obs0": listed(observation), "action": [], "obs": [], "reward": []}
    run |= {"terminated": [], "truncated": [], "resetObs": {}}
    for t in range(steps):
        action, state = action_of(env, state)
        if policy == "heur":
            action = heuristic(env, observation)
            action = action if isinstance(action, int) else action.astype(numpy.float32)
        observation, reward, terminated, truncated, _ = env.step(action)
        run["action"].append(action if isinstance(action, int) else listed(action))
        run["obs"].append(listed(observation))
        run["reward"].append(float(reward))
        run["terminated"].append(int(terminated))
        run["truncated"].append(int(truncated))
        if terminated or truncated:
            run["resetObs"][str(t)] = listed(env.reset()[0])
            if policy == "heur":
                return run
    return run


def listed(values):
    return [float(x) for x in values]


def landing(env, seed):
    observation, _ = env.reset(seed=seed)
    earned, steps = 0.0, 0
    while True:
        observation, reward, terminated, truncated, _ = env.step(heuristic(env, observation))
        earned += float(reward)
        steps += 1
        if terminated or truncated:
            return {"seed": seed, "return": earned, "steps": steps}


def ground(seed):
    env = gymnasium.make("LunarLander-v3").unwrapped
    env.reset(seed=seed)
    corners = [polygon[0] for polygon in env.sky_polys] + [env.sky_polys[-1][1]]
    return {"seed": seed, "corners": [listed(corner) for corner in corners]}


def write(name, content):
    with open(f"{name}.json", "w", encoding="utf-8") as file:
        json.dump(content, file, separators=(",", ":"))
        file.write("\n")


for name in ["LunarLander-v3", "LunarLanderContinuous-v3"]:
    windy = gymnasium.make(name, **CONDITIONS)
    runs = [episodes(windy, seed, 120) for seed in [3, 17]]
    if name == "LunarLander-v3":
        runs.append(episodes(windy, 5, 1000, "heur"))
    write(f"{name}-wind", {"env": name, "kwargs": CONDITIONS, "gymnasium": gymnasium.__version__, "runs": runs})
landings = {name: [landing(gymnasium.make(name), seed) for seed in range(100)] for name in ["LunarLander-v3", "LunarLanderContinuous-v3"]}
write("landings", {"gymnasium": gymnasium.__version__, "landings": landings})
write("ground", {"gymnasium": gymnasium.__version__, "grounds": [ground(seed) for seed in [0, 7, 1234]]})
