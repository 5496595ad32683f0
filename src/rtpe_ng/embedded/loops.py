"""The flag ``loop-protect``: a body is marked, and what bears the mark of this engine is passed on as it is."""

from __future__ import annotations

from .context import Context
from .resources import Resources

__all__ = ["is_marked", "marked"]


def is_marked(body: str, resources: Resources) -> bool:
    """Say whether a body has come through this engine before."""
    return _mark(resources) in body.splitlines()


def marked(body: str, context: Context) -> str:
    """Return a body with the mark of this engine: above its first media section, or above all attributes."""
    above, media, below = body.partition("\r\nm=")
    if context.behaviour.makes_bodies:
        above, attribute, others = above.partition("\r\na=")
        media = f"{attribute}{others}{media}"
    return f"{above}\r\n{_mark(context.resources)}{media}{below}"


def _mark(resources: Resources) -> str:
    # Of this engine and no other: what its certificate is known by.
    return f"a=rtpengine:{resources.fingerprint('sha-256')[1].replace(':', '').lower()[:12]}"
