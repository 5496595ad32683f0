"""When a request is sent again, as a table of times."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtpe_ng import UsageError
from rtpe_ng.protocol import Schedule


def test_the_table_of_times() -> None:
    doubling = (0.25, 0.75, 1.75)
    every_two_seconds = tuple(3.75 + 2 * n for n in range(11))
    assert Schedule().times == doubling + every_two_seconds
    assert Schedule(first=1, factor=1, longest=1, last=5).times == (1, 2, 3, 4, 5)
    assert Schedule(last=0).times == ()


@given(first=st.floats(0.01, 5), factor=st.floats(1, 10), longest=st.floats(5, 10), last=st.floats(0, 29.9))
def test_every_resend_finds_the_cookie_remembered(first: float, factor: float, longest: float, last: float) -> None:
    times = Schedule(first=first, factor=factor, longest=longest, last=last).times
    assert list(times) == sorted(times)
    assert all(time <= last < 30 for time in times)
    waits = [later - sooner for sooner, later in zip((0.0, *times), times, strict=False)]
    assert all(wait <= longest + 1e-9 for wait in waits)


@pytest.mark.parametrize(
    "options", [{"first": 0}, {"first": 3}, {"factor": 0.5}, {"last": 30}, {"last": -1}, {"longest": 0.1}]
)
def test_a_schedule_that_makes_no_sense_is_refused(options: dict[str, float]) -> None:
    with pytest.raises(UsageError, match="expected"):
        Schedule(**options)
