"""`template_of`: a body without the values that differ from call to call, so that what was found out holds again.

Two calls between the same phones have bodies that differ in little more than ports, addresses, keys, credentials of
ICE and names of streams. Most questions about a body do not ask for these: a check wants to know that there is a
key, not which; a rewriting helper goes by the names of lines. So the answer for a body is the answer for its
template, which is a body too: the same lines in the same order, with a made-up value in the place of each such
value. Whoever remembers answers by templates computes them once for each kind of phone.

A value is replaced only where its whole line is written as the grammar demands, so a line that anybody may find
fault with stays as it is. Ports, sources and names of streams may stand in several lines, and some checks ask where
two of them are the same. So the first port of a body gets the first made-up one, the next other port the second,
and so on. That works only if all of them are replaced; a body with one that is written otherwise has no template.
"""

from __future__ import annotations

import re

import attrs

from .lines import content
from .session import Session

__all__: list[str] = []

LONGEST = 10_000
"""How long a body may be, in characters, to have a template: longer ones are few, and would fill the memory."""

_IP4 = r"(?!0\.0\.0\.0)(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_GROUP = "[0-9a-f]{1,4}"
_IP6 = rf"(?:(?=[1-9a-f])(?:{_GROUP}(?::{_GROUP}){{7}}|(?:{_GROUP}:){{1,3}}(?::{_GROUP}){{1,4}})|::1)"
_PORT = r"(?:[1-5]\d{4}|[1-9]\d{3}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-5])"
"""The ports from 1000 on. Some of the lower ones say something by themselves, such as 0 and 9."""
_UINT = r"(?:[1-3]\d{9}|4[01]\d{8}|42[0-8]\d{7}|\d{1,9})"
"""Numbers below 2**32, or most of them."""
_NAME = r"[\w{}.@+/=-]{2,64}"
_SUITE = r"(?:AES_CM_128_HMAC_SHA1_(?:80|32)|AES_256_CM_HMAC_SHA1_(?:80|32)|AEAD_AES_(?:128|256)_GCM)"
_CANDIDATE = rf"{_UINT}[ ](?:{_IP4}|{_IP6})[ ](?:{_PORT}|9)[ ]typ[ ]"
_RELATED = rf"(?:[ ]raddr[ ](?:{_IP4}|{_IP6}|0\.0\.0\.0))?(?:[ ]rport[ ](?:{_PORT}|\d{{1,3}}))?"
_MORE = r"(?:[ ]generation[ ]\d|[ ]ufrag[ ][\w+/]{4,64}|[ ]network-id[ ]\d{1,4}|[ ]network-cost[ ]\d{1,4})*"

_LINE = re.compile(
    rf"""
    \n(?:
      (?:a=(?:
          candidate:[\w+/]{{1,32}}[ ][12][ ](?:
              (?:udp|UDP)[ ]{_CANDIDATE}(?:host|(?:srflx|prflx|relay){_RELATED}){_MORE} (?P<candidate>)
            | (?:udp|UDP)[ ]{_UINT}[ ][0-9a-f-]{{36}}\.local[ ]{_PORT}[ ]typ[ ]host{_MORE} (?P<mdns>)
            | (?:tcp|TCP)[ ]{_CANDIDATE}host[ ]tcptype[ ](?:active|passive|so){_MORE} (?P<tcp>))
        | ssrc:(?P<source>{_UINT})[ ](?:
              msid:(?P<its_stream>{_NAME}|-)[ ](?P<its_track>{_NAME})
            | (?P<about>cname|label|mslabel):[!-~]+)
        | msid:(?P<stream>{_NAME}|-)[ ](?P<track>{_NAME})
        | ssrc-group:(?P<purpose>FID|FEC-FR)[ ](?P<first>{_UINT})[ ](?P<second>{_UINT})
        | rtcp:{_PORT}(?:[ ]IN[ ](?:IP4[ ]{_IP4}|IP6[ ]{_IP6}))? (?P<rtcp>)
        | ice-(?:ufrag:[A-Za-z0-9+/]{{4,64}} (?P<ufrag>) | pwd:[A-Za-z0-9+/]{{22,128}} (?P<pwd>))
        | fingerprint:sha-256[ ][0-9A-F]{{2}}(?::[0-9A-F]{{2}}){{31}} (?P<fingerprint>)
        | crypto:(?P<crypto>\d{{1,4}}[ ]{_SUITE})[ ]inline:[A-Za-z0-9+/]{{38,64}}={{0,2}}
        | tls-id:[A-Za-z0-9+/_-]{{20,128}} (?P<tls_id>)
        | msid-semantic:[ ]?WMS[ ]{_NAME} (?P<semantic>))
      | m=(?P<type>[a-z]+)[ ](?P<port>{_PORT})(?P<formats>
          [ ][A-Z/]+(?:[ ](?:1[01]\d|12[0-7]|\d\d?))+ | [ ]UDP/DTLS/SCTP[ ]webrtc-datachannel)
      | c=IN[ ](?:IP4[ ]{_IP4} (?P<ip4>) | IP6[ ]{_IP6} (?P<ip6>))
      | o=[!-~]+[ ]\d{{1,19}}[ ]\d{{1,19}}[ ]IN[ ]IP[46][ ][!-~]+ (?P<origin>)
          (?:\r\ns=[!-~][ -~]* (?P<origin_name>) (?:\r\nc=IN[ ]IP4[ ]{_IP4} (?P<head>) (?=\r\n))? (?=\r\n))?
      | s=[!-~][ -~]* (?P<name>)
      )(?=\r?\n)
    | (?P<other>m=(?![a-z]+[ ]\d{{1,3}}[ ]) | a=(?:ssrc|msid:)))
    """,
    re.ASCII | re.VERBOSE,
)
"""The lines with values that differ from call to call. The last group that matched tells which kind it is."""

_MADE_UP = {
    "candidate": "\na=candidate:1 1 udp 1 192.0.2.1 1000 typ host",
    "mdns": "\na=candidate:1 1 udp 1 made-up.local 1000 typ host",
    "tcp": "\na=candidate:1 1 tcp 1 192.0.2.1 9 typ host tcptype active",
    "rtcp": "\na=rtcp:1000",
    "ufrag": "\na=ice-ufrag:made",
    "pwd": "\na=ice-pwd:madeUpButLongEnough123",
    "fingerprint": f"\na=fingerprint:sha-256 {':'.join(['00'] * 32)}",
    "tls_id": "\na=tls-id:madeUpButLongEnough1",
    "semantic": "\na=msid-semantic: WMS made-up",
    "ip4": "\nc=IN IP4 192.0.2.1",
    "ip6": "\nc=IN IP6 2001:db8::1",
    "origin": "\no=- 1 1 IN IP4 192.0.2.1",
    "name": "\ns=-",
    # These lines mostly follow each other, and are replaced at once then.
    "origin_name": "\no=- 1 1 IN IP4 192.0.2.1\r\ns=-",
    "head": "\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1",
}


class _Otherwise(Exception):
    """A port, a source or the name of a stream is written so that it stays."""


class _Writer:
    """Writes the lines of one template, with the made-up values that it has given so far."""

    def __init__(self) -> None:
        self._ports: dict[str, int] = {}
        self._sources: dict[str, int] = {}
        self._names: dict[str, str] = {"-": "-"}

    def line(self, found: re.Match[str]) -> str:
        kind = found.lastgroup
        if (constant := _MADE_UP.get(kind or "")) is not None:
            return constant
        if kind == "formats":
            port = self._ports.setdefault(found["port"], 20_000 + len(self._ports))
            return f"\nm={found['type']} {port}{found['formats']}"
        if kind == "about":
            return f"\na=ssrc:{self._source(found['source'])} {found['about']}:made-up"
        if kind == "its_track":
            source, stream, track = found.group("source", "its_stream", "its_track")
            return f"\na=ssrc:{self._source(source)} msid:{self._name(stream)} {self._name(track)}"
        if kind == "track":
            return f"\na=msid:{self._name(found['stream'])} {self._name(found['track'])}"
        if kind == "crypto":
            return f"\na=crypto:{found['crypto']} inline:{'k' * 40}"
        if kind == "second":
            purpose, first, second = found.group("purpose", "first", "second")
            return f"\na=ssrc-group:{purpose} {self._source(first)} {self._source(second)}"
        raise _Otherwise

    def _source(self, value: str) -> int:
        # By its digits: the same number with zeros before it would be another one here, and is no usual one.
        if value[0] == "0" and value != "0":
            raise _Otherwise
        return self._sources.setdefault(value, 1 + len(self._sources))

    def _name(self, value: str) -> str:
        return self._names.setdefault(value, f"made-up-{len(self._names)}")


def template_of(body: str) -> str | None:
    """Return the template of a body; None if it has none, because it is too long or written in an unusual way."""
    if len(body) > LONGEST:
        return None
    try:
        return _LINE.sub(_Writer().line, body)
    except _Otherwise:
        return None


@attrs.frozen(kw_only=True)
class Plan:
    """What a helper does to a body that only loses lines by it, or gets one and the same line at several places.

    Made of a template, it does the same to each body that has this template.
    """

    lines: int
    """How many lines the body has."""
    parts: tuple[int | str, ...]
    """The lines that come out: the number of one, counted from 0, or what stands behind the new one before LF."""

    @classmethod
    def of(cls, before: Session, after: Session, *, new: str | None = None) -> Plan | None:
        """Return what makes `after` of `before`, with `new` as the new line; None if it takes more than that."""
        lines = [line for section in (before, *before.media) for line in section.lines]
        # Helpers leave a line that they do not change as it is. So it is known by its identity, also among others
        # that are written alike here and not in each body of this template.
        places = {id(line): number for number, line in enumerate(lines)}
        if len(places) < len(lines) or not lines[-1].endswith("\n") or after.trailer != before.trailer:
            return None
        parts: list[int | str] = []
        for line in (line for section in (after, *after.media) for line in section.lines):
            if (number := places.get(id(line))) is not None:
                parts.append(number)
            elif new is not None and content(line) == new:
                parts.append(line[len(new) : -1])
            else:
                return None
        return cls(lines=len(lines), parts=tuple(parts))

    @property
    def is_empty(self) -> bool:
        """Whether nothing is done."""
        return self.parts == tuple(range(self.lines))

    def apply(self, body: str, *, new: str = "") -> str:
        """Return the body after this, with `new` as the new line."""
        *lines, rest = body.split("\n", self.lines)
        return "\n".join([*(new + part if isinstance(part, str) else lines[part] for part in self.parts), rest])
