"""What a router knows of a SIP message, and how it reads and writes those of a stack."""

import re
from typing import Any, Protocol, TypeVar

import attrs

from ..errors import UsageError

M = TypeVar("M")
"""A message of the SIP stack, a request or a response."""

# RFC 3261, section 20.42. Quoted strings may hold what would end a parameter or a value.
_BRANCH = re.compile(r';\s*branch\s*=\s*([^\s;,"]+)', re.ASCII | re.IGNORECASE)
_FIRST_VALUE = re.compile(r'(?:[^",]|"(?:[^"\\]|\\.)*")*')


def branch_of(via: str) -> str:
    """Return the ``branch`` parameter of a Via, such as ``SIP/2.0/UDP 203.0.113.20;branch=z9hG4bK7``.

    Of several values in one header, the first counts: it is the topmost. Empty if it has none. Raises nothing.
    """
    value = _FIRST_VALUE.match(via)
    found = _BRANCH.search(re.sub(r'"(?:[^"\\]|\\.)*"', '""', value[0] if value else ""))
    return found[1] if found else ""


def _text(value: Any) -> Any:
    # Stacks say None for a tag or a body that a message does not have.
    return "" if value is None else value


def _number(value: Any) -> Any:
    return 0 if value is None else value


@attrs.frozen(kw_only=True)
class SipMessage:
    """What a router needs to know of a SIP message. Raises `UsageError` for a value of the wrong kind."""

    method: str
    """The method, such as ``INVITE``; that of the CSeq in a response."""
    call_id: str
    """The Call-ID."""
    from_tag: str
    """The tag of From."""
    to_tag: str = attrs.field(default="", converter=_text)
    """The tag of To; empty or None if it has none."""
    status: int = attrs.field(default=0, converter=_number)
    """The status of a response, 100 to 699; 0 or None in a request."""
    branch: str = attrs.field(default="", converter=_text)
    """The branch parameter of the topmost Via of a request, as it arrived (`branch_of`). It says whether an INVITE
    is the same again or passes a second time, and which messages are resent. Empty if the stack does not tell."""
    source: str = attrs.field(default="", converter=_text)
    """The IP address that the message came from; empty if the stack does not tell."""
    body: str | bytes = attrs.field(default="", converter=_text, repr=False)
    """The session description; empty or None if the message has none. Give no other content, such as DTMF."""
    route: str = attrs.field(default="", converter=_text)
    """In a request within a dialogue: the parameter that the router had put into your Record-Route, as it stands in
    the topmost Route that is yours (RFC 3261, section 16.4). Empty if there is none."""
    reliable: bool = attrs.field(default=False, converter=bool)
    """In a provisional response: whether it requires PRACK, by ``Require: 100rel`` (RFC 3262)."""

    def __attrs_post_init__(self) -> None:
        for name in ("method", "call_id", "from_tag", "to_tag", "branch", "source", "route"):
            value = getattr(self, name)
            if not isinstance(value, str) or (not value and name in ("method", "call_id", "from_tag")):
                raise UsageError(f"{name}={value!r}: text of the SIP message expected")
        if not isinstance(self.body, str | bytes):
            raise UsageError(f"body={type(self.body).__name__}: a session description as str or bytes expected")
        if isinstance(self.status, bool) or not isinstance(self.status, int):
            raise UsageError(f"status={self.status!r}: a number expected")
        if self.status and not 100 <= self.status <= 699:
            raise UsageError(f"status={self.status!r}: 100 to 699 expected in a response, 0 in a request")

    @property
    def begins(self) -> bool:
        """Whether this is an INVITE that begins a dialogue, or a CANCEL of one."""
        return not self.to_tag and self.method in ("INVITE", "CANCEL")


class SipStack(Protocol[M]):
    """Reads and writes the messages of a SIP stack. Write one for yours: two methods."""

    def read(self, message: M, /) -> SipMessage:
        """Return what the router needs to know of a request or a response."""
        raise NotImplementedError

    def write(self, message: M, /, *, body: str | None = None, route: str | None = None) -> M:
        """Return the message with this session description and, in an INVITE, this Record-Route parameter.

        What is None stays as it is. It may be the same message, changed, or another one.
        """
        raise NotImplementedError
