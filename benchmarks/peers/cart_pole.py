"""CartPole-v1 in JAX, many at a time, reset where an episode ends."""

import jax
import jax.numpy as jnp

LIMIT = 500


def first_states(key, count):
    return {"physics": jax.random.uniform(key, (count, 4), minval=-0.05, maxval=0.05), "time": jnp.zeros(count, jnp.int32)}


def observe(states):
    return states["physics"]


def step_environments(key, states, action):
    """Returns the next states, after resets; who terminated, who was truncated; the observations before resets."""
    position, velocity, angle, angular_velocity = states["physics"].T
    force = jnp.where(action == 1, 10.0, -10.0)
    sine, cosine = jnp.sin(angle), jnp.cos(angle)
    push = (force + 0.05 * angular_velocity**2 * sine) / 1.1
    angular_acceleration = (9.8 * sine - cosine * push) / (0.5 * (4 / 3 - 0.1 * cosine**2 / 1.1))
    acceleration = push - 0.05 * angular_acceleration * cosine / 1.1
    physics = jnp.stack(
        [
            position + 0.02 * velocity,
            velocity + 0.02 * acceleration,
            angle + 0.02 * angular_velocity,
            angular_velocity + 0.02 * angular_acceleration,
        ],
        1,
    )
    time = states["time"] + 1
    terminated = (jnp.abs(physics[:, 0]) > 2.4) | (jnp.abs(physics[:, 2]) > 12 * 2 * jnp.pi / 360)
    truncated = time >= LIMIT
    done = terminated | truncated
    fresh = first_states(key, physics.shape[0])
    after = {
        "physics": jnp.where(done[:, None], fresh["physics"], physics),
        "time": jnp.where(done, 0, time),
    }
    return after, terminated.astype(jnp.float32), truncated.astype(jnp.float32), physics
