"""Steps of Gymnasium's environments, resets included. What it answers with is the time of one step of all of them."""

import sys

from peer import serve, use_one_core

use_one_core()

import gymnasium

index, count = map(int, sys.argv[1:3])
name = ["CartPole-v1", "Pendulum-v1", "Acrobot-v1", "LunarLander-v3"][index]

if count == 1:
    env = gymnasium.make(name)
    actions = [env.action_space.sample() for _ in range(16)]
else:
    # CartPole has a vector form in NumPy; the others are stepped one after the other.
    env = gymnasium.make_vec(name, count, "vector_entry_point" if index == 0 else "sync")
    actions = [env.action_space.sample() for _ in range(4)]
env.reset(seed=0)


def step(repeats):
    for t in range(repeats):
        _, _, terminated, truncated, _ = env.step(actions[t % len(actions)])
        if count == 1 and (terminated or truncated):
            env.reset()


serve(step)
