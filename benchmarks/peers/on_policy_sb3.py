"""A2C, PPO or TRPO of Stable-Baselines3 and its contrib on classic control. Answers with microseconds a step."""

import sys

from peer import serve_measured, use_one_core

use_one_core()

import time

import torch
from sb3_contrib import TRPO
from stable_baselines3 import A2C, PPO
from stable_baselines3.common.env_util import make_vec_env

torch.set_num_threads(1)
algorithm, environment = sys.argv[1:3]
environments, rollout_steps = map(int, sys.argv[3:5])
model = {"a2c": A2C, "ppo": PPO, "trpo": TRPO}[algorithm](
    "MlpPolicy",
    make_vec_env(environment, n_envs=environments, seed=0),
    n_steps=rollout_steps,
    device="cpu",
)


def measured():
    # Enough rollouts for a second or so.
    steps = environments * rollout_steps * max(1, 2048 // (environments * rollout_steps))
    start = time.perf_counter()
    model.learn(steps, reset_num_timesteps=False)
    return 1e6 * (time.perf_counter() - start) / steps


serve_measured(measured)
