"""A session description as it is: its lines, untouched, in sections."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from ..errors import SdpError

__all__ = ["Media", "Session", "parse"]


@attrs.frozen(kw_only=True, repr=False)
class Section:
    """Lines of a description, each with the line end it came with."""

    lines: tuple[str, ...]

    def values(self, kind: str) -> Iterator[str]:
        """Yield what stands behind ``kind=`` of each line of that kind, in their order."""
        for line in self.lines:
            if line.startswith(f"{kind}="):
                yield line[2:].rstrip("\r\n")

    def attributes(self, name: str) -> list[str]:
        """Return the values of each ``a=name:value`` line, in their order; of ``a=name``, an empty one."""
        found = (value.partition(":") for value in self.values("a"))
        return [value for key, _, value in found if key == name]

    def attribute(self, name: str) -> str | None:
        """Return the value of the first such attribute, or None."""
        return next(iter(self.attributes(name)), None)

    def __str__(self) -> str:
        return "".join(self.lines)


@attrs.frozen(kw_only=True, repr=False)
class Media(Section):
    """A media section (RFC 8866, section 5.14): the ``m=`` line and what follows it."""

    type: str
    """``audio``, ``video``, ``application``, ``image`` and so on."""
    port: int
    """The port; 0 where the section is rejected or inactive."""
    protocol: str
    """Such as ``RTP/AVP`` or ``UDP/TLS/RTP/SAVPF``."""
    formats: tuple[str, ...]
    """The payload types of RTP, or what stands for them."""

    def __repr__(self) -> str:
        return f"<Media {self.type} {self.port} {self.protocol} {len(self.lines)} lines>"


@attrs.frozen(kw_only=True, repr=False)
class Session(Section):
    """A session description: the lines above the first ``m=``, and the media sections. `str` gives it back."""

    media: tuple[Media, ...]

    def attribute_of(self, media: Media, name: str) -> str | None:
        """Return the attribute of a media section, or the session's where the section has none."""
        found = media.attribute(name)
        return self.attribute(name) if found is None else found

    def connection_of(self, media: Media) -> str | None:
        """Return the connection address of a media section (RFC 8866, section 5.7), or None."""
        line = next(media.values("c"), None) or next(self.values("c"), None)
        return line.split()[-1] if line and line.split() else None

    def __str__(self) -> str:
        return super().__str__() + "".join(map(str, self.media))

    def __bytes__(self) -> bytes:
        return str(self).encode("utf-8", "surrogateescape")

    def __repr__(self) -> str:
        sections = ", ".join(f"{media.type} {media.protocol}" for media in self.media)
        return f"<Session {len(bytes(self))} bytes: {sections or 'no media'}>"


def parse(text: str) -> Session:
    """Read a session description. Lines end at LF; all bytes of them are kept.

    Raises `SdpError`, with the number of the line, where an ``m=`` line is not ``m=type port protocol format``.
    """
    sections: list[list[str]] = [[]]
    media: list[Media] = []
    heads: list[tuple[int, str]] = []
    for number, line in enumerate(_lines(text), start=1):
        if line.startswith("m="):
            sections.append([])
            heads.append((number, line))
        sections[-1].append(line)
    for (number, head), lines in zip(heads, sections[1:], strict=True):
        media.append(_media(number, head, tuple(lines)))
    return Session(lines=tuple(sections[0]), media=tuple(media))


def _lines(text: str) -> list[str]:
    # Not str.splitlines: a vertical tab or U+2028 is no line end of SDP.
    lines = [f"{line}\n" for line in text.split("\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines


def _media(number: int, head: str, lines: tuple[str, ...]) -> Media:
    words = head[2:].split()
    port = words[1].partition("/")[0] if len(words) > 1 else ""
    if len(words) < 3 or not (port.isascii() and port.isdecimal() and len(port) < 6):
        raise SdpError("m=type port protocol format expected", line=number, text=head.rstrip("\r\n"))
    return Media(lines=lines, type=words[0], port=int(port), protocol=words[2], formats=tuple(words[3:]))
