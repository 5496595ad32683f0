"""`SdpProblem`: what is wrong with one line or one section of a description, and what cures it."""

import functools
import re
from typing import Literal, TypeAlias

import attrs

from ..errors import redact

__all__ = ["SdpProblem"]

Effect: TypeAlias = Literal["refused", "misread"]
"""What the reader does: it takes nothing of the description, or something else than what is meant."""


_SECRET = re.compile(
    r"(?:ice-pwd|crypto|inline|key-mgmt|\bpwd\b|^k=)(?:[ \t]*:)?(?=[ \t]*[^ \t])", re.IGNORECASE | re.DOTALL
)


def _shown(line: str) -> str:
    """Return what of a line can be shown: redaction alone does not know where a malformed one has its key."""
    return _shown_of_last(line)


# Of one: several problems may be about one line, which may be long, and they come one after the other.
@functools.lru_cache(1)
def _shown_of_last(line: str) -> str:
    secret = _SECRET.search(line)
    return f"{line[: secret.end()]}..." if secret else redact(line)


@attrs.frozen(kw_only=True)
class SdpProblem:
    """What is wrong with a description, as `sdp.problems` and `sdp.web_problems` find it.

    `str()` of it is one line: the place, the reason, the cure. Nothing in it shows a key or a password.
    """

    reason: str
    """What is wrong, in words."""
    section: str = "session"
    """The section, by type and index from 0 such as ``audio 0``, or ``session`` for what stands above the first
    ``m=``."""
    line: int = 0
    """The number of the line, counted from 1, or 0 if no single line is at fault."""
    text: str = attrs.field(default="", converter=_shown)
    """That line, without its end, and cut where a key or a password may begin."""
    effect: Effect = "refused"
    """``refused``: the whole description is rejected; ``misread``: it is taken, but not as it is meant."""
    rule: str = ""
    """The rule that the description breaks: a section of an RFC, or the reader whose own rule it is, such as
    ``Chromium`` or ``RTPEngine 10.5``."""
    cure: str = ""
    """What to do about it: a flag of RTPEngine, a change of the line."""
    helper: str = ""
    """The call of `rtpe_ng.sdp` that mends it, such as ``sdp.set_mids(body)``, or empty if none does."""

    def __str__(self) -> str:
        where = f"line {self.line}" if self.line else ""
        place = f"{self.section}, {where}" if where else self.section
        rule = f" ({self.rule})" if self.rule else ""
        cure = "; ".join(filter(None, [self.cure, self.helper]))
        return f"{place}: {self.reason}{rule}" + (f": {cure}" if cure else "")
