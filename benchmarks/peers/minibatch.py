"""Random transitions of CartPole-v1's sizes."""

import jax
import jax.numpy as jnp


def random_minibatch(size):
    keys = jax.random.split(jax.random.key(1), 4)
    return {
        "observation": jax.random.normal(keys[0], (size, 4)),
        "action": jax.random.randint(keys[1], (size,), 0, 2),
        "old_log_probability": jnp.full((size,), -0.6931),
        "advantage": jax.random.normal(keys[2], (size,)),
        "value_target": jax.random.normal(keys[3], (size,)),
    }
