"""`Behaviour`: what differs between the daemons of the versions that were measured."""

from __future__ import annotations

import attrs

from ...errors import UsageError
from ...messages import Capabilities

__all__ = ["Behaviour", "behaviour_of"]


@attrs.frozen(kw_only=True)
class Behaviour:
    """What a version of the daemon does that others do not, named by what is seen of it."""

    version: str
    """The full version of the daemon that was measured."""
    commands: frozenset[str]
    """The commands that it knows."""
    explains_bad_documents: bool
    """What is no document gets an error reply; else an empty one."""


_MEASURED = {
    "10.5": Behaviour(
        version="10.5.3.5",
        commands=Capabilities.of_version("10.5").commands,
        explains_bad_documents=True,
    ),
    "12.5": Behaviour(
        version="12.5.1.31",
        commands=Capabilities.of_version("12.5").commands,
        explains_bad_documents=True,
    ),
    "26.0": Behaviour(
        version="26.0.1.26",
        commands=Capabilities.of_version("26.0").commands,
        explains_bad_documents=False,
    ),
}


def behaviour_of(version: str) -> Behaviour:
    """Return the behaviour of a daemon of `version`: ``26.0``, or in full ``26.0.1.26``.

    Raises `UsageError` for a version that was not measured.
    """
    major = ".".join(version.split(".")[:2])
    if major not in _MEASURED or not all(part.isdecimal() for part in version.split(".")):
        known = ", ".join(f"{name} ({it.version})" for name, it in _MEASURED.items())
        raise UsageError(f"no daemon of version {version!r} was measured; there are {known}")
    return _MEASURED[major]
