"""`Session`: a whole description, as lines of the session and of its media sections; `parse`, which reads one.

`parse` checks only what a description cannot do without, which is also what RTPEngine insists on: ``v=0`` first,
lines of the form ``type=value``, and readable ``m=``, ``o=`` and ``c=`` lines. All other lines may be malformed.
They are kept, and `problems` reports them.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Concatenate, ParamSpec, TypeVar, final

import attrs

from ..errors import SdpError, UsageError
from .lines import MOST_SECTIONS, Section, by_session, content, read_each, split_lines, text_of
from .media import Media
from .tracks import Track
from .values import Bandwidth, Connection, Group, Origin, Timing

__all__ = ["Session", "parse"]

_P = ParamSpec("_P")
_R = TypeVar("_R")


def bundle_of(above: Section) -> tuple[str, ...]:
    """Return the mids of the first BUNDLE group among the lines of a session (RFC 9143); empty without one."""
    groups = above.view("group", Group.parse)
    return next((group.mids for group in groups if group.semantics == "BUNDLE"), ())


@attrs.frozen(kw_only=True, repr=False)
class SdpBody(Section):
    """Lines above the first ``m=``, media sections, and what follows them. `str` and `bytes` return the body."""

    media: tuple[Media, ...] = ()
    """The media sections. Offer and answer name one by its place (RFC 3264, section 6), a fragment by its mid."""
    trailer: str = ""
    """The text from the first empty line on, which is no part of the description or fragment."""

    def __attrs_post_init__(self) -> None:
        # A section may have been taken from another session: it must inherit from the one that it stands in.
        lines = by_session(self.lines)[-1]
        above: Section | None = None
        media = []
        for section in self.media:
            if section.above.lines is lines:
                media.append(section)
            else:
                if above is None or above.lines is not lines:
                    above = attrs.evolve(section.above, lines=lines)
                media.append(attrs.evolve(section, above=above))
            if section.own is not section.lines:
                lines = by_session(section.lines)[-1]
        if any(new is not old for new, old in zip(media, self.media, strict=True)):
            object.__setattr__(self, "media", tuple(media))

    def __str__(self) -> str:
        return "".join([*self.lines, *map(str, self.media), self.trailer])

    def __bytes__(self) -> bytes:
        return str(self).encode("utf-8", "surrogateescape")


@final
@attrs.frozen(kw_only=True, repr=False)
class Session(SdpBody):
    """A session description: the lines above the first ``m=``, and the media sections. `str` returns the body.

    A second ``v=`` begins another session, as it does for RTPEngine. `media` has the sections of all sessions, each
    with what its own session says; the other views are those of the first session.
    """

    @property
    def origin(self) -> Origin | None:
        """The author: the ``o=`` line."""
        return next(iter(read_each(Origin.parse, self.values("o"))), None)

    @property
    def name(self) -> str:
        """The name of the session: the ``s=`` line (RFC 8866, section 5.3)."""
        return next(iter(self.values("s")), "")

    @property
    def connection(self) -> Connection | None:
        """The ``c=`` line of the session, which holds for sections that have none."""
        return next(iter(read_each(Connection.parse, self.values("c"))), None)

    @property
    def timings(self) -> tuple[Timing, ...]:
        """The ``t=`` lines."""
        return read_each(Timing.parse, self.values("t"))

    @property
    def bandwidths(self) -> tuple[Bandwidth, ...]:
        """The ``b=`` lines of the session."""
        return read_each(Bandwidth.parse, self.values("b"))

    @property
    def groups(self) -> tuple[Group, ...]:
        """The groups of sections (RFC 5888)."""
        return self.view("group", Group.parse)

    @property
    def bundle(self) -> tuple[str, ...]:
        """The mids of the first BUNDLE group (RFC 9143); empty without such a group."""
        return bundle_of(self)

    @property
    def ice_lite(self) -> bool:
        """Whether the author is an ICE-lite agent (RFC 8839, section 5.3)."""
        return self.has("ice-lite")

    @property
    def tracks(self) -> tuple[Track, ...]:
        """The media stream tracks of all sections."""
        return tuple(track for media in self.media for track in media.tracks)

    def pipe(self, helper: Callable[Concatenate[Session, _P], _R], *args: _P.args, **kwargs: _P.kwargs) -> _R:
        """Return ``helper(self, *args, **kwargs)``: a chain of helpers then reads in the order in which they act.

        ``session.pipe(sdp.remove_ice).pipe(sdp.set_rtcp_mux, "demux")``. Raises what the helper raises.
        """
        return helper(self, *args, **kwargs)

    def __repr__(self) -> str:
        sections = ", ".join(f"{media.type} {media.protocol}" for media in self.media)
        return f"<Session {len(bytes(self))} bytes: {sections or 'no media'}>"


def parse(body: str | bytes) -> Session:
    """Read a session description (RFC 8866, section 5) without losing a byte: ``str(parse(text)) == text``.

    Bytes are decoded as UTF-8 with surrogateescape. Lines end at LF; a CR before it is kept. Everything from the
    first empty line on is kept, unread, in `trailer`. Raises `SdpError`, with the number and the text of the line,
    if the first line is not ``v=0``, a line is not ``type=value`` with a type of RFC 8866, or an ``m=``, ``o=`` or
    ``c=`` line lacks a part. Other lines may be malformed: views leave them out, and `problems` reports them.
    """
    lines, trailer = split_lines(body)
    if not lines:
        raise SdpError("a session description begins with v=0, and this one is empty", line=1)
    if content(lines[0]).rstrip(" \t") != "v=0":
        raise SdpError("a session description begins with v=0", line=1, text=content(lines[0]))
    for number, line in enumerate(lines, start=1):
        if read := _READ_AT_ONCE.get(line[0]):
            try:
                read(content(line)[2:])
            except SdpError as error:
                raise SdpError(str(error), line=number, text=content(line)) from None
    session_lines, media = sections(lines)
    return Session(lines=session_lines, media=media, trailer=trailer)


_READ_AT_ONCE: Mapping[str, Callable[[str], object]] = {"o": Origin.parse, "c": Connection.parse}
"""The lines that must be readable, besides ``v=`` and ``m=``; the daemon insists on them too."""


def as_session(body: str | bytes | Session) -> Session:
    """Return `body` as a `Session`; text is parsed. Raises `SdpError` as `parse` does."""
    return body if isinstance(body, Session) else parse(body)


def apart(session: Session) -> tuple[Session, ...]:
    """Return the sessions that a body holds, usually this one alone. The last one has the trailer."""
    if len(by_session(session.lines)) == 1 and all(media.own is media.lines for media in session.media):
        return (session,)
    parts: list[tuple[tuple[str, ...], list[Media]]] = [(lines, []) for lines in by_session(session.lines)]
    for media in session.media:
        own, *others = by_session(media.lines)
        parts[-1][1].append(attrs.evolve(media, lines=own))
        parts += [(lines, []) for lines in others]
    trailers = [""] * (len(parts) - 1) + [session.trailer]
    return tuple(
        Session(lines=lines, media=tuple(media), trailer=trailer)
        for (lines, media), trailer in zip(parts, trailers, strict=True)
    )


def together(parts: Sequence[Session]) -> Session:
    """Return one body with these sessions, each glued behind the one before it: what `apart` was given."""
    above, media = sections([line for part in parts for each in (part, *part.media) for line in each.lines])
    return Session(lines=above, media=media, trailer=parts[-1].trailer)


def raw_text(body: str | bytes | Session) -> str:
    """Return the text of a body, which need not be SDP. Raises `SdpError` and `UsageError` as `text_of` does."""
    return str(body) if isinstance(body, Session) else text_of(body)


def no_such_section(session: Session, media: int) -> UsageError:
    """Return the error for a section that the session does not have."""
    have = f"{len(session.media)}, counted from 0" if session.media else "none"
    return UsageError(f"there is no media section {media}; the body has {have}")


def sections(lines: list[str]) -> tuple[tuple[str, ...], tuple[Media, ...]]:
    """Return the lines above the first ``m=`` line, and the media sections. Raises `SdpError` as `parse` does."""
    starts = [index for index, line in enumerate(lines) if line.startswith("m=")]
    for what, places in (
        ("media sections", starts),
        ("sessions", [index for index, line in enumerate(lines) if line.startswith("v=")]),
    ):
        if len(places) > MOST_SECTIONS:
            raise SdpError(
                f"{len(places)} {what}; at most {MOST_SECTIONS} are read", line=places[MOST_SECTIONS] + 1
            )
    above = Section(lines=tuple(lines[: starts[0]] if starts else lines))
    media = []
    for start, end in itertools.pairwise([*starts, len(lines)]):
        try:
            media.append(Media(lines=tuple(lines[start:end]), above=above))
        except SdpError as error:
            raise SdpError("m=type port protocol format expected", line=start + 1, text=error.text) from None
    return above.lines, tuple(media)
