"""Every exception of the library, and `redact`, which masks secrets in texts.

The class says who is at fault; the text says what to do. No text made here contains an SRTP key or an ICE
password::

    RtpeError
    ├── UsageError(ValueError)      yours: a misspelt flag, a wrong order of calls, a closed client
    │   ├── Glare                   both parties offer at once: 491, and who may offer again when
    │   └── UntrustedState          a state in a Route that this program did not sign, or of another call: 403
    ├── SdpError(ValueError)        a body that is not valid SDP: line number and text
    ├── WireError                   the peer's: bytes that are no ng message; offset and clipped data
    ├── TransportError(OSError)     the network's: refused, unreachable, too big for a datagram
    ├── RequestTimeout(TimeoutError)  nobody answered; whether the command was executed is unknown
    └── EngineError                 the daemon's own "error": reason, command, call-id, hint
        ├── LoadLimit               it is full: try another one
        ├── UnknownCall             it does not know the call (it restarted, or the call expired or was deleted)
        ├── FlagsIgnored            it said "ok" but ignored a flag (raised for strict calls only)
        └── UnusableReply           it said "ok" to a body that would end the call (strict calls only)

`sip_status` of each is the status to answer a SIP request with that could not be handled because of it (RFC 3261,
section 21). None of them ends a dialogue that goes on already, as 408, 481 or 502 would (RFC 5057, section 5.1):
the next re-INVITE may succeed, even after the daemon has restarted.
"""

import re
from typing import Any

__all__ = [
    "EngineError",
    "FlagsIgnored",
    "Glare",
    "LoadLimit",
    "RequestTimeout",
    "RtpeError",
    "SdpError",
    "TransportError",
    "UnknownCall",
    "UntrustedState",
    "UnusableReply",
    "UsageError",
    "WireError",
    "redact",
]

_SECRETS = re.compile(
    r"""
    (   \binline:                                   # RFC 4568, section 9.2: the key of an a=crypto line
      | \bkey-mgmt:[^\s:]{1,32}[ ] )               # RFC 4567
    ( (?: [^\s|;,"'\\] | \\(?:/|u[0-9a-f]{4}) )+ )   # also as JSON escapes them
  |
    (   \bcrypto:\d{1,9}[ ]+[\w-]{1,64}[ ]+ )(?!inline:)  # RFC 4568: a key that lacks its "inline:"
    ( [^\s"'\\]+ )
  |
    (   \bice-pwd[:=][ ]?                           # RFC 8839, section 5.4
      | (?:^|[\r\n]|\\n)k=\w{1,16}: )               # RFC 8866, section 5.12, obsolete
    ( (?: [^\s"'\\] | \\(?:/|u[0-9a-f]{4}) )+ )
  |
    ( ://[^\s/:@]*: )( [^\s/]+ )(?=@)              # credentials in a URL, up to its last "@"
    """,
    # ASCII: bytes that are shown as Latin-1 hold characters that count as spaces otherwise.
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)

_LONGEST_WORD = 65_536
"""How far before a clip, in bytes, the beginning of a secret is looked for whose end the clip may contain."""


def redact(text: str) -> str:
    """Mask SRTP keys, ICE passwords and other credentials in `text`, each character with a ``*``.

    The length stays the same, so that offsets into the text stay true. Masked are the ``inline:`` keys of
    RFC 4568, ``a=ice-pwd`` (RFC 8839, section 5.4), ``a=key-mgmt`` (RFC 4567), ``k=`` lines and passwords in
    URLs. Raises nothing.
    """
    return _SECRETS.sub(_masked, text)


def printable(text: str) -> str:
    """Return `text` with each character that a terminal or a log would act on written as an escape.

    Words of a daemon or of SDP may hold line ends, ESC or marks that reverse the direction of writing.
    """
    return text if text.isprintable() else "".join(it if it.isprintable() else ascii(it)[1:-1] for it in text)


def _masked(match: re.Match[str]) -> str:
    before, secret = (group for group in match.groups() if group is not None)
    return before + "*" * len(secret)


class RtpeError(Exception):
    """The base class of every exception that this library raises on purpose."""

    sip_status: int = 500
    """The status to answer the SIP request with (RFC 3261, section 21). 500 is Server Internal Error."""

    _request: Any = None

    def __str__(self) -> str:
        return printable(self._text())

    def _text(self) -> str:
        """Return the text for people, in which `str` escapes what is not printable."""
        return super().__str__()

    @property
    def request(self) -> Any:
        """What was sent, if the error is about one typed command: a `rtpe_ng.messages.Request`; otherwise None.

        It has the flags, and no SDP and no key.
        """
        # An error about the reply has it there.
        return self._request or getattr(getattr(self, "reply", None), "request", None)

    @request.setter
    def request(self, request: Any) -> None:
        self._request = request


class UsageError(RtpeError, ValueError):
    """The caller's mistake: an unknown flag, a wrong order of calls, a closed client. Nothing was sent."""


class Glare(UsageError):
    """Both parties offer at the same time: reject this offer with 491 (RFC 3261, section 14.2). Nothing was sent.

    The text says which party may offer again, and when (RFC 3261, section 14.1).
    """

    sip_status: int = 491
    """Request Pending (RFC 3261, section 21.4.27)."""


class UntrustedState(UsageError):
    """The state of a call that came back in a Route was signed by others, or is of another call: reject with 403.

    Nothing was sent. See `rtpe_ng.routing.unseal`.
    """

    sip_status: int = 403
    """Forbidden (RFC 3261, section 21.4.4)."""


class SdpError(RtpeError, ValueError):
    """A body that is not valid SDP (RFC 8866).

    `line` is the number of the line, counted from 1, or 0 if no single line is at fault; `text` is that line,
    redacted; `reason` is what is wrong, without the line.
    """

    sip_status: int = 400
    """Bad Request: the syntax is malformed (RFC 3261, section 21.4.1)."""

    def __init__(self, message: str, *, line: int = 0, text: str = "") -> None:
        self.reason = message
        self.line = line
        self.text: str = redact(text)
        where = f"line {line}: " if line else ""
        # Redacted before it is cut, because half a secret would not be recognized.
        super().__init__(f"{where}{message}" + (f": {self.text[:80]!r}" if text else ""))


class WireError(RtpeError):
    """Bytes from the peer that are no ng message, or a reply that lacks what its command promises.

    `offset` counts bytes from the start of the document and is None if no single byte is at fault; `data` is a
    redacted clip of at most 48 bytes around it; `reason` is what is wrong, without the place.
    """

    def __init__(self, message: str, *, offset: int | None = None, data: bytes = b"") -> None:
        self.reason: str = redact(message)
        self.offset = offset
        self.data: bytes = _clip(data, offset or 0)
        where = "" if offset is None else f" at byte {offset}"
        super().__init__(self.reason + where + (f": {self.data!r}" if data else ""))


def _clip(data: bytes, offset: int) -> bytes:
    # Masked before it is cut, starting before the word that the cut goes through: a key must not show although
    # its "inline:" lies outside the clip, however long the key is.
    begin = max(0, min(offset, len(data)) - 24)
    word = max(data.rfind(space, 0, begin) for space in (b" ", b"\r", b"\n", b"\t"))
    start = max(0, begin - _LONGEST_WORD, word - 512)
    near = data[start : begin + 512]
    return redact(near.decode("latin-1")).encode("latin-1")[begin - start :][:48]


class TransportError(RtpeError, OSError):
    """The network failed: the engine refused, cannot be reached, or the message is too big to be sent.

    `address` names the peer as ``host:port``. ``__cause__`` is the operating system's error, if there was one.
    """

    sip_status: int = 503
    """Service Unavailable: another server may be able to (RFC 3261, section 21.5.4)."""

    def __init__(self, message: str, *, address: str = "") -> None:
        self.address = address
        super().__init__(message)


class RequestTimeout(RtpeError, TimeoutError):
    """No reply came within the client's `timeout`. Unless `attempts` is 0, the outcome is unknown.

    With `attempts` 0 the request was never sent, because others were before it: it is safe to send it again, or to
    another engine. `command` is the ng command, `attempts` is how often it was sent, `seconds` is how long the
    client waited.
    """

    sip_status: int = 504
    """Server Time-out: no timely response from a server that was asked (RFC 3261, section 21.5.5)."""

    def __init__(self, message: str, *, command: str = "", attempts: int = 0, seconds: float = 0.0) -> None:
        self.command = command
        self.attempts = attempts
        self.seconds = seconds
        super().__init__(message)


class EngineError(RtpeError):
    """The daemon's reply was ``error`` (ng document, introduction).

    `reason` is its ``error-reason``; `command` and `call_id` say what was refused; `hint` is the cure, or empty
    if none is known. Where the daemon refused the SDP, `hint` names the line, as ``sdp.problems`` with an
    ``engine`` does: by the rules of the client's `version`, or else by those of the newest version that says the
    same. `sip_status` is then 488 (Not Acceptable Here; RFC 3261, sections 13.3.1.3 and 21.4.26), else 500.
    """

    def __init__(self, reason: str, *, command: str = "", call_id: str | None = None, hint: str = "") -> None:
        self.reason: str = redact(reason)
        self.command = command
        self.call_id = call_id
        self.hint = hint
        if "SDP" in reason:
            # "Failed to parse SDP", "Error rewriting SDP", "Incomplete SDP specification".
            self.sip_status = 488
        super().__init__(self.reason)

    def _text(self) -> str:
        of_call = f" of call {self.call_id!r}" if self.call_id is not None else ""
        by = f"the engine refused {self.command!r}{of_call}: " if self.command else ""
        return f"{by}{self.reason}" + (f" ({self.hint})" if self.hint else "")


class LoadLimit(EngineError):
    """The daemon is full (``max-sessions``, CPU, load or bandwidth): offer the call to another one.

    This is the ``load limit`` result of the ng document, key ``supports``; `reason` is its ``message``.
    """

    sip_status: int = 503
    """Service Unavailable, as in an overload (RFC 3261, section 21.5.4)."""


class UnknownCall(EngineError):
    """The daemon does not know the call: the daemon restarted, or the call timed out or was deleted."""


class FlagsIgnored(EngineError):
    """The daemon said ``ok``, but its SDP lacks what the flags asked for; see ``client.call(strict=True)``.

    The daemon has carried out the command, and the call goes on. `reply` is its reply, with the SDP. `ignored` has
    one item for each ignored option: the option, what came back, the first version that knows it, and the cure.
    """

    sip_status: int = 488
    """Not Acceptable Here (RFC 3261, section 21.4.26)."""

    def __init__(self, ignored: tuple[Any, ...], reply: Any, *, command: str, call_id: str) -> None:
        self.ignored = ignored
        self.reply = reply
        super().__init__("; ".join(map(str, ignored)), command=command, call_id=call_id)

    def _text(self) -> str:
        return f"{self.command!r} of call {self.call_id!r} was done, but {self.reason}"


class UnusableReply(EngineError):
    """The daemon said ``ok``, but its SDP would end the call; see ``client.call(strict=True)``.

    The daemon has carried out the command, and the call goes on: take the offer back with ``call.rollback()`` and
    reject it, or end the call. `reply` is its reply, with the SDP. `problems` has one item for each reason: the
    section, the reason, and the cure.
    """

    sip_status: int = 488
    """Not Acceptable Here (RFC 3261, section 21.4.26)."""

    def __init__(self, problems: tuple[Any, ...], reply: Any, *, command: str, call_id: str) -> None:
        self.problems = problems
        self.reply = reply
        super().__init__("; ".join(map(str, problems)), command=command, call_id=call_id)

    def _text(self) -> str:
        return f"{self.command!r} of call {self.call_id!r} was done, but its body cannot be used: {self.reason}"
