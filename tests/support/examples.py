"""How many examples a slow property is tried with."""

from __future__ import annotations

from hypothesis import settings

BRIEF = "brief"
"""The profile of what runs the tests once more, on another Python: there the code is new, not the examples."""


def examples(number: int) -> settings:
    """Return settings with this many examples, or with those of the brief profile where that is chosen."""
    is_brief = settings.get_current_profile_name() == BRIEF
    return settings(max_examples=settings().max_examples if is_brief else number, deadline=None)
