"""rtcp-mux: RTP and RTCP on one port (RFC 5761, RFC 8858), and the port for RTCP (RFC 3605)."""

from ..candidate import Seen
from ..media import Media
from .editing import Body, check_one_of, drop, edit, put

__all__ = ["set_rtcp_mux"]


def set_rtcp_mux(body: Body, mode: str, *, media: int | None = None) -> Body:
    """Set how RTP and RTCP share a port in each RTP section, or in the section `media`.

    `mode` is one of

    ``offer``
        An offer that allows a shared port (RFC 5761, section 5.1.1): writes ``a=rtcp-mux``, removes
        ``a=rtcp-mux-only``, and keeps ``a=rtcp`` as the port to fall back to.
    ``require``
        An offer that demands a shared port (RFC 8858, section 4.2): writes ``a=rtcp-mux`` and
        ``a=rtcp-mux-only``, sets ``a=rtcp`` to the port of RTP, and removes candidates of component 2.
    ``demux``
        An offer to an endpoint that cannot share a port: removes ``a=rtcp-mux`` and ``a=rtcp-mux-only``. Also
        removes an ``a=rtcp`` with the port of RTP, or with no port yet (``a=rtcp:9``), so that RTCP uses the port
        above that of RTP.
    ``accept``
        An answer that shares the port (RFC 5761, section 5.1.1): writes ``a=rtcp-mux``, removes
        ``a=rtcp-mux-only``, which no answer may have (RFC 8858, section 4.3), and changes ``a=rtcp`` and candidates
        as ``require`` does.
    ``reject``
        An answer that does not share the port: removes the same lines as ``demux``.

    Sections that are not RTP stay as they are, unless `media` names one. Raises `UsageError` if the mode is unknown
    or there is no such section, `SdpError` if the text is no SDP.
    """
    check_one_of(mode, _MODES, "mode of rtcp-mux")
    return edit(body, _MODES[mode], media=media, only=lambda section: section.is_rtp)


def _offer(section: Media) -> Media:
    return put(drop(section, {"rtcp-mux-only"}), "rtcp-mux", "")


def _require(section: Media) -> Media:
    return put(_on_one_port(put(section, "rtcp-mux", "")), "rtcp-mux-only", "")


def _accept(section: Media) -> Media:
    return _on_one_port(_offer(section))


def _demux(section: Media) -> Media:
    section = drop(section, {"rtcp-mux", "rtcp-mux-only"})
    # A browser writes a=rtcp:9 before it knows a port. A phone would take it for a port.
    rtcp = section.rtcp
    return drop(section, {"rtcp"}) if rtcp is not None and rtcp.port in (section.port, 9) else section


def _on_one_port(section: Media) -> Media:
    rtcp, connection = section.rtcp, section.connection
    # Without an a=rtcp there is nothing to correct: a=rtcp-mux alone says where RTCP goes.
    if rtcp is not None:
        elsewhere = rtcp.address is not None and connection is not None and rtcp.address != connection.address
        if rtcp.port != section.port or elsewhere:
            section = put(section, "rtcp", str(section.port))
    return drop(section, {"candidate"}, only=lambda value: Seen.of(value).component == "2")


_MODES = {"offer": _offer, "require": _require, "demux": _demux, "accept": _accept, "reject": _demux}
"""The modes, named as in the ng document, key ``rtcp-mux``."""
