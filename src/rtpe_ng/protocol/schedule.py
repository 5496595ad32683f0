"""`Schedule`: when a request is sent again."""

import attrs

from ..errors import UsageError

COOKIE_LIFETIME = 30.0
"""For how long every daemon remembers a cookie, in seconds. A resend within that time is executed only once."""


@attrs.frozen(kw_only=True)
class Schedule:
    """The waits between sends: first `first`, then each `factor` times the one before, at most `longest`.

    `first`, `longest` and `last` are in seconds. The last resend happens at most `last` after the first send,
    because it must arrive while the daemon still remembers the cookie, for 30 seconds. Raises `UsageError` for
    values outside these bounds.
    """

    first: float = 0.25
    factor: float = 2.0
    longest: float = 2.0
    last: float = 25.0
    times: tuple[float, ...] = attrs.field(init=False, repr=False, eq=False)
    """When to send again, counted from the first send."""

    def __attrs_post_init__(self) -> None:
        if not (0.001 <= self.first <= self.longest and self.factor >= 1 and 0 <= self.last < COOKIE_LIFETIME):
            raise UsageError(
                f"{self!r}: 0.001 <= first <= longest, factor >= 1 and 0 <= last < {COOKIE_LIFETIME:g} expected"
            )
        times = []
        time, wait = self.first, self.first
        while time <= self.last:
            times.append(time)
            wait = min(wait * self.factor, self.longest)
            time += wait
        object.__setattr__(self, "times", tuple(times))
