"""Keep, drop and reorder codecs (RFC 3264, section 6.1; RFC 8866, section 5.14)."""

from collections.abc import Callable, Iterable

import attrs

from ...errors import UsageError
from ..codec import RtpCodec, payload_number, payload_of
from ..lines import attribute_of
from ..media import Media
from .editing import Body, edit, put_words, several

__all__ = ["drop_codecs", "keep_codecs", "order_codecs"]


def keep_codecs(body: Body, codecs: Iterable[str], *, media: int | None = None) -> Body:
    """Keep these codecs and no others, in each RTP section or in the section `media`; their order stays.

    Each is a name such as ``opus``, a name with clock rate in Hz and channels such as ``telephone-event/8000`` and
    ``opus/48000/2``, or a payload type such as ``"101"``. Upper and lower case make no difference; payload types of
    RFC 3551 need no rtpmap line. Removes the other codecs from the ``m=`` line, with their ``a=rtpmap``, ``fmtp``
    and ``rtcp-fb`` lines, and the formats that repair or carry them (rtx, red). To keep DTMF, name
    ``telephone-event`` too. Raises `UsageError` if a section would have no codec left or there is no section
    `media`, `SdpError` if the text is no SDP.
    """
    wanted = several(codecs)
    return _choose(body, lambda codec: any(map(codec.matches, wanted)), media)


def drop_codecs(body: Body, codecs: Iterable[str], *, media: int | None = None) -> Body:
    """Drop these codecs from each RTP section, or from the section `media`.

    Codecs are written as for `keep_codecs`, and the same lines are removed. Raises as `keep_codecs` does.
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
        lines = (line for line in section.lines if payload_of(*attribute_of(line)) not in gone)
        return put_words(attrs.evolve(section, lines=tuple(lines)), 3, *formats)

    return edit(body, each, media=media, only=lambda section: section.is_rtp)
