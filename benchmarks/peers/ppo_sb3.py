"""PPO of Stable-Baselines3 on CartPole-v1. The microseconds that it answers with are those of one environment step."""

import sys

from peer import serve_measured, use_one_core

use_one_core()

import time

import torch
from stable_baselines3 import PPO
from stable_baselines3.common.env_util import make_vec_env

torch.set_num_threads(1)
environments, rollout_steps, minibatch, epochs = map(int, sys.argv[1:5])
model = PPO(
    "MlpPolicy",
    make_vec_env("CartPole-v1", n_envs=environments, seed=0),
    n_steps=rollout_steps,
    batch_size=minibatch,
    n_epochs=epochs,
    device="cpu",
)


def measured():
    # Enough rollouts for a second or so.
    steps = environments * rollout_steps * max(1, 4096 // (environments * rollout_steps))
    start = time.perf_counter()
    model.learn(steps, reset_num_timesteps=False)
    return 1e6 * (time.perf_counter() - start) / steps


serve_measured(measured)
