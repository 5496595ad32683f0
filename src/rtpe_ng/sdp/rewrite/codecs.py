"""Keep, drop and reorder codecs (RFC 3264, section 6.1; RFC 8866, section 5.14).

A codec is a payload type of the ``m=`` line, and lines that speak of this number: some begin with it, some have it
in a list, and ``rid`` and ``simulcast`` point to each other besides. To drop a codec, all of them have to go along,
and so do formats that repair or carry it, which may themselves be carried by another.
"""

import itertools
import re
from collections import defaultdict
from collections.abc import Callable, Iterable

from ...errors import UsageError
from ..codec import RtpCodec, payload_number
from ..lines import attribute_of
from ..media import Media
from .editing import Body, amend, edit, put_words, several

__all__ = ["drop_codecs", "keep_codecs", "order_codecs"]


def keep_codecs(body: Body, codecs: Iterable[str], *, media: int | None = None) -> Body:
    """Keep these codecs and no others, in each RTP section or in the section `media`; their order stays.

    Each is a name such as ``opus``, a name with clock rate in Hz and channels such as ``telephone-event/8000`` and
    ``opus/48000/2``, or a payload type such as ``"101"``. Upper and lower case make no difference; payload types of
    RFC 3551 need no rtpmap line. Removes the other codecs from the ``m=`` line, the formats that repair or carry
    them (rtx, red), and all that the section says of their payload types: ``a=rtpmap``, ``fmtp``, ``rtcp-fb``,
    ``imageattr``, ``framesize``, ``depend``, ``bw-info``, ``gpmd`` and ``predefined_ROI``. An ``a=rid`` keeps the
    formats that are left; without one it goes, with those that depend on it, and ``a=simulcast`` no longer names
    it (RFC 8851, RFC 8853). What is said of all payload types (``*``) stays. To keep DTMF, name ``telephone-event``
    too. Raises `UsageError` if a section would have no codec left or there is no section `media`, `SdpError` if the
    text is no SDP.
    """
    wanted = several(codecs)
    return _choose(body, lambda codec: any(map(codec.matches, wanted)), media)


def drop_codecs(body: Body, codecs: Iterable[str], *, media: int | None = None) -> Body:
    """Drop these codecs from each RTP section, or from the section `media`.

    Codecs are written as for `keep_codecs`, and what belongs to them goes along. Raises as `keep_codecs` does.
    """
    unwanted = several(codecs)
    return _choose(body, lambda codec: not any(map(codec.matches, unwanted)), media)


def order_codecs(body: Body, codecs: Iterable[str], *, media: int | None = None) -> Body:
    """Prefer these codecs, in this order, in each RTP section or in the section `media`; the others follow.

    The order of the ``m=`` line is the order of preference (RFC 3264, section 5.1). Codecs are written as for
    `keep_codecs`. Changes the ``m=`` line only. Raises `UsageError` if there is no section `media`, `SdpError` if
    the text is no SDP.
    """
    wanted = several(codecs)

    def each(section: Media) -> Media:
        ranks = {
            str(codec.payload_type): next(
                (rank for rank, name in enumerate(wanted) if codec.matches(name)), len(wanted)
            )
            for codec in section.codecs
        }
        formats = sorted(section.formats, key=lambda payload: ranks.get(payload, len(wanted)))
        return section if tuple(formats) == section.formats else put_words(section, 3, *formats)

    return edit(body, each, media=media, only=lambda section: section.is_rtp)


def _choose(body: Body, is_wanted: Callable[[RtpCodec], bool], media: int | None) -> Body:
    def each(section: Media) -> Media:
        codecs = section.codecs
        gone = {codec.payload_type for codec in codecs if not is_wanted(codec)}
        # A format that repairs or carries a dropped codec is useless, and may itself be carried by another.
        while more := {
            codec.payload_type
            for codec in codecs
            if codec.payload_type not in gone and not gone.isdisjoint(codec.refers_to)
        }:
            gone |= more
        if not gone:
            return section
        formats = [payload for payload in section.formats if payload_number(payload) not in gone]
        if not formats:
            raise UsageError("no codec would be left; say media= for one section, or reject it with reject_media")
        return put_words(_without(section, gone), 3, *formats)

    return edit(body, each, media=media, only=lambda section: section.is_rtp)


_PER_PAYLOAD = frozenset(
    {"rtpmap", "fmtp", "rtcp-fb", "imageattr", "framesize", "depend", "bw-info", "gpmd", "predefined_ROI"}
)
"""The attributes whose value begins with payload types: those of RFC 8866, RFC 4585, RFC 6236, RFC 6064, RFC 5583,
3GPP TS 26.114 and ITU-T V.152."""
_FORMATS = re.compile(r"(?<![^\s;])pt=([^\s;]*)")
_DEPENDS = re.compile(r"(?<![^\s;])depend=([^\s;]*)")


def _without(section: Media, gone: set[int]) -> Media:
    """Return the section without what its ``a=`` lines say of these payload types."""
    lost = _lost_rids(section, gone)

    def each(line: str) -> str | None:
        name, value = attribute_of(line)
        if name in _PER_PAYLOAD:
            payloads = "".join(value.split(None, 1)[:1])
            left = _kept(payloads, gone)
            new: str | None = left and left + value[len(payloads) :]
        elif name == "rid":
            new = None if _id_of(value) in lost else _rid_without(value, gone)
        elif name == "simulcast":
            new = _simulcast_without(value, gone, lost)
        else:
            return line
        # Nothing is left where there was something: the line goes.
        return line if new == value else f"a={name}:{new}" if new else None

    return amend(section, each)


def _kept(payloads: str, gone: set[int]) -> str:
    """Return those of the payload types, which commas separate, that are not gone."""
    return ",".join(payload for payload in payloads.split(",") if payload_number(payload) not in gone)


def _id_of(rid: str) -> str:
    return "".join(rid.split(None, 1)[:1])


def _rid_without(rid: str, gone: set[int]) -> str | None:
    """Return the value of an ``a=rid`` line with the formats that are left (RFC 8851, section 4); None without."""
    formats = _FORMATS.search(rid)
    if formats is None:
        return rid
    left = _kept(formats[1], gone)
    return rid[: formats.start(1)] + left + rid[formats.end(1) :] if left or not formats[1] else None


def _lost_rids(section: Media, gone: set[int]) -> set[str]:
    """Return the rids whose formats are all gone, and those that depend on them (RFC 8851, section 5)."""
    dependents: defaultdict[str, list[str]] = defaultdict(list)
    lost = set()
    for rid in section.attributes("rid"):
        if _rid_without(rid, gone) is None:
            lost.add(_id_of(rid))
        for needed in _DEPENDS.findall(rid):
            for each in needed.split(","):
                dependents[each].append(_id_of(rid))
    todo = list(lost)
    while todo:
        more = set(dependents.pop(todo.pop(), ())) - lost
        lost |= more
        todo += more
    return lost


def _simulcast_without(value: str, gone: set[int], lost: set[str]) -> str:
    """Return the value of an ``a=simulcast`` line without these rids (RFC 8853, section 5.1); empty without any.

    In early drafts, ``rid=`` or ``pt=`` stood before a list.
    """
    words = value.split()
    left: list[str] = []
    for way, streams in itertools.zip_longest(words[::2], words[1::2], fillvalue=""):
        kind, equals, names = streams.rpartition("=")

        def stays(name: str, *, is_payload: bool = kind == "pt") -> bool:
            name = name.removeprefix("~")
            return payload_number(name) not in gone if is_payload else name not in lost

        kept = names
        if not all(map(stays, names.replace(";", ",").split(","))):
            kept = ";".join(filter(None, (",".join(filter(stays, it.split(","))) for it in names.split(";"))))
        if kept or not names:
            left += [way, f"{kind}{equals}{kept}"]
    return " ".join(left).rstrip() if left != words else value
