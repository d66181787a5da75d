"""Records what Gymnasium 1.4.0 (NumPy 2.4.6, Python 3.11) does where no recording was at hand.

    pip install gymnasium==1.4.0 numpy==2.4.6 && python record_toy_text.py

Blackjack-v1.json: episodes in the form of the other recordings beside this file: `reset(seed)`, then one entry a step, and
`reset()` after each end. toy-text-tables.json: `P` and `initial_state_distrib` of each environment, for every state and
action the outcomes as [probability, next state, reward, terminated, …]. frozen-lake-maps.json: `generate_random_map`.
"""

import json
import platform

import gymnasium
import numpy
from gymnasium.envs.toy_text.frozen_lake import generate_random_map

PROVENANCE = {"gymnasium": gymnasium.__version__, "numpy": numpy.__version__, "python": platform.python_version()}

TABLES = [
    ("FrozenLake-v1", "FrozenLake-v1", {}),
    ("FrozenLake-v1-dry", "FrozenLake-v1", {"is_slippery": False}),
    ("FrozenLake-v1-success", "FrozenLake-v1", {"success_rate": 0.7, "reward_schedule": (10, -5, -1)}),
    ("FrozenLake8x8-v1", "FrozenLake8x8-v1", {}),
    ("CliffWalking-v1", "CliffWalking-v1", {}),
    ("CliffWalkingSlippery-v1", "CliffWalkingSlippery-v1", {}),
    ("Taxi-v4", "Taxi-v4", {}),
    ("Taxi-v4-rainy", "Taxi-v4", {"is_rainy": True}),
]


def episodes(env, seed, steps):
    """Plays actions of a linear congruential generator."""
    state = (seed * 2654435761 + 12345) % 2**32
    observation, _ = env.reset(seed=seed)
    run = {"seed": seed, "policy": "lcg", "obs0": list(observation), "action": [], "obs": [], "reward": []}
    run |= {"terminated": [], "truncated": [], "resetObs": {}}
    for t in range(steps):
        state = (state * 1664525 + 1013904223) % 2**32
        action = (state >> 8) * env.action_space.n >> 24
        observation, reward, terminated, truncated, _ = env.step(int(action))
        run["action"].append(int(action))
        run["obs"].append(list(observation))
        run["reward"].append(float(reward))
        run["terminated"].append(int(terminated))
        run["truncated"].append(int(truncated))
        if terminated or truncated:
            run["resetObs"][str(t)] = list(env.reset()[0])
    return run


def number(x):
    return int(x) if x == int(x) else float(x)


def table(name, **kwargs):
    env = gymnasium.make(name, **kwargs).unwrapped
    outcomes = [
        [[number(x) for outcome in env.P[s][a] for x in outcome] for a in range(len(env.P[s]))] for s in range(len(env.P))
    ]
    return {"env": name, "kwargs": kwargs, "initial": [number(x) for x in env.initial_state_distrib], "outcomes": outcomes}


def rendering(name, state, action):
    env = gymnasium.make(name, render_mode="ansi").unwrapped
    env.reset(seed=0)
    env.s, env.lastaction = state, action
    return {"env": name, "state": state, "action": action, "text": env.render()}


def write(file, content):
    with open(file, "w") as out:
        json.dump(PROVENANCE | content, out, separators=(",", ":"), default=int)


env = gymnasium.make("Blackjack-v1")
write(
    "Blackjack-v1.json",
    {"name": "Blackjack-v1", "runs": [episodes(env, seed, 300) for seed in (0, 1, 42, 1001)]},
)
write("toy-text-tables.json", {"tables": {name: table(env, **kwargs) for name, env, kwargs in TABLES}})
maps = [(4, 0.8), (8, 0.8), (8, 0.6), (2, 0.5), (5, 1.0), (12, 0.7)]
write(
    "frozen-lake-maps.json",
    {
        "maps": [
            {"size": size, "frozen": p, "seed": seed, "map": generate_random_map(size, p, seed)}
            for size, p in maps
            for seed in (0, 1, 7)
        ]
    },
)
write(
    "toy-text-renderings.json",
    {
        "renderings": [
            rendering(name, state, action)
            for name, states in [
                ("FrozenLake-v1", (0, 5, 15)),
                ("FrozenLake8x8-v1", (63, 20)),
                ("CliffWalking-v1", (36, 47, 5)),
                ("Taxi-v4", (328, 16, 18, 499, 97, 210)),
            ]
            for state in states
            for action in (None, 0, 3)
        ]
    },
)
