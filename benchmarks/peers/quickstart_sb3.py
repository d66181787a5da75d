"""PPO of Stable-Baselines3 until CartPole-v1 is solved, with the settings that RL Baselines3 Zoo tuned for it.

It evaluates as `uphill quickstart` does: every 4,096 steps over 20 episodes, and confirms over 100 fresh ones.
"""

import sys

from peer import use_one_core

use_one_core()

import torch
from stable_baselines3 import PPO
from stable_baselines3.common.env_util import make_vec_env
from stable_baselines3.common.evaluation import evaluate_policy

torch.set_num_threads(1)
seed = int(sys.stdin.readline())
model = PPO(
    "MlpPolicy",
    make_vec_env("CartPole-v1", n_envs=8, seed=seed),
    n_steps=32,
    batch_size=256,
    n_epochs=20,
    gamma=0.98,
    gae_lambda=0.8,
    learning_rate=lambda remaining: 1e-3 * remaining,
    clip_range=lambda remaining: 0.2 * remaining,
    device="cpu",
    seed=seed,
)
episodes = make_vec_env("CartPole-v1", n_envs=1, seed=10_000 + seed)


def solved(count):
    return evaluate_policy(model, episodes, n_eval_episodes=count)[0] >= 475


class Goal:
    """Ends training once the goal is reached."""

    next_at = 4096

    def __call__(self, _locals, _globals):
        if model.num_timesteps < self.next_at:
            return True
        self.next_at += 4096
        return not (solved(20) and solved(100))


model.learn(100_000, callback=Goal())
print(model.num_timesteps, flush=True)
