"""`CallBody`: an SDP body of a call, which is read only if nothing is known of its template.

Most bodies of a program are like others before: they have the same template (`rtpe_ng.sdp.template`). What a call
asks of a body is then known already, because the template has the same answer. So a body is a text first, and
becomes a `Session` when somebody needs more.
"""

from __future__ import annotations

import functools
from typing import Final, TypeAlias

from .. import sdp
from ..errors import SdpError
from ..sdp.template import template_of
from .sections import OfferedSections

REMEMBERED = 512
"""For how many templates each answer is remembered: the last ones that were asked for."""

Codecs: TypeAlias = frozenset[tuple[int, str, int | None]]
"""Codecs: the index of the section, the name and the clock rate of each."""


class _Unread:
    """Stands for what has not been looked for yet."""


_UNREAD: Final = _Unread()


class CallBody:
    """A body, and its template, which is None if it has none. Its `repr` shows nothing of it.

    Whoever knows `session` or `template` already gives it.
    """

    __slots__ = ("_session", "template", "text")

    def __init__(
        self, text: str, *, session: sdp.Session | _Unread | None = _UNREAD, template: str | None = None
    ) -> None:
        self.text: Final[str] = text
        self.template: Final[str | None] = template or template_of(text)
        self._session = session

    @property
    def session(self) -> sdp.Session | None:
        """The body, read; None if it is no SDP."""
        if isinstance(self._session, _Unread):
            self._session = readable(self.text)
        return self._session

    @property
    def sections(self) -> OfferedSections | None:
        """What a call remembers of its sections; None if it is no SDP."""
        if self.template is not None:
            return _sections(self.template)
        return None if self.session is None else OfferedSections.of(self.session)

    @property
    def codecs(self) -> Codecs | None:
        """The codecs of the sections that it accepts; None if it is no SDP."""
        if self.template is not None:
            return _codecs(self.template)
        return None if self.session is None else codecs_of(self.session)

    def __repr__(self) -> str:
        return f"<CallBody of {len(self.text)} characters>"


def readable(body: str) -> sdp.Session | None:
    """Return the body, read; None if it is no SDP."""
    try:
        return sdp.parse(body)
    except SdpError:
        return None


def codecs_of(session: sdp.Session) -> Codecs:
    """Return the codecs of the sections that a body accepts."""
    return frozenset(
        (index, codec.name.lower(), codec.clock_rate)
        for index, section in enumerate(session.media)
        if not section.is_rejected
        for codec in section.codecs
    )


# What a template hides is neither a type, a protocol, a mid nor a codec.


@functools.lru_cache(REMEMBERED)
def _sections(template: str) -> OfferedSections | None:
    session = readable(template)
    return None if session is None else OfferedSections.of(session)


@functools.lru_cache(REMEMBERED)
def _codecs(template: str) -> Codecs | None:
    session = readable(template)
    return None if session is None else codecs_of(session)
