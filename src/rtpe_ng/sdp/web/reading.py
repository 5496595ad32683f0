"""What a browser has read when it has read a description: sections with codecs, tracks, keys and credentials.

A browser first reads a description, line by line, and looks only then whether it can use it. This module is the
first half. The session's lines must come in the order of RFC 8866, section 5: reading goes on where a line is
missing, so that one fault is reported once. A section knows the codecs of its ``m=`` line by their numbers in
audio, and from rtpmap otherwise. A codec that only fmtp or rtcp-fb names has no name, which fails the description.
"""

from collections.abc import Mapping

import attrs

from ..problem import SdpProblem
from .grammar import (
    ENCRYPT,
    OF_SESSION,
    bandwidth_fault,
    codec_fault,
    connection_fault,
    fingerprint_is_whole,
    grammar_of,
    is_rtp,
    is_sctp,
    rid_of,
)
from .text import first_of, is_line, name_of, number, raw_lines, value_of

__all__: list[str] = []

STATIC = dict(
    enumerate(
        (
            *("PCMU", "reserved", "reserved", "GSM", "G723", "DVI4", "DVI4", "LPC", "PCMA", "G722", "L16", "L16"),
            *("QCELP", "CN", "MPA", "G728", "DVI4", "DVI4", "G729"),
        )
    )
)
"""The names of the static payload types of audio that a browser knows (RFC 3551, section 6)."""


@attrs.define(kw_only=True)
class WebCodec:
    """A codec as a browser knows it."""

    name: str = ""
    rate: int = 90000
    line: int = 0
    apt: str | None = None
    """For retransmission, the payload type that it repeats, as it is written (RFC 4588, section 8.1)."""
    bitrates: dict[str, str] = attrs.field(factory=dict)


@attrs.define(kw_only=True)
class WebTransport:
    """ICE and DTLS: of the session, from which sections inherit, or of one section."""

    ufrag: str = ""
    pwd: str = ""
    setup: str = ""
    fingerprint: bool = False
    is_whole: bool = True
    """Whether the fingerprint has the length of its hash function."""


@attrs.define(kw_only=True)
class WebSection:
    """A section as a browser knows it."""

    place: str
    """Its type and index, for people."""
    line: int
    kind: str
    """``audio``, ``video``, ``application``, or nothing for what a browser does not support and thus rejects."""
    type: str
    protocol: str
    formats: list[int]
    is_zero: bool
    """Whether the port is 0."""
    transport: WebTransport
    bundle_only: bool = False
    mid: str = ""
    rtcp_mux: bool = False
    direction: str = "sendrecv"
    codecs: dict[int, WebCodec] = attrs.field(factory=dict)
    extensions: list[tuple[int, str, bool, int]] = attrs.field(factory=list)
    """Of each header extension the number, the URI, whether it is encrypted, and the line."""
    streams: list[str] = attrs.field(factory=list)
    track: str = ""
    has_msid: bool = False
    ssrcs: dict[int, tuple[str, str]] = attrs.field(factory=dict)
    """The sources with the stream and the track of each."""
    ssrcs_have_msid: bool = False
    groups: list[tuple[str, list[int], int]] = attrs.field(factory=list)
    """Of each group of sources the purpose, the sources, and the line."""
    simulcast: str = ""
    rids: dict[str, str] = attrs.field(factory=dict)
    """The direction of each rid; empty for one that is there twice, which counts for nothing."""
    has_sctpmap: bool = True
    sctp_port: int = 5000
    lines: dict[str, int] = attrs.field(factory=dict)
    """The number of the last line with an attribute."""

    @property
    def is_rejected(self) -> bool:
        """Whether nobody has to use it."""
        return not self.kind or (self.is_zero and not self.bundle_only)

    @property
    def is_bundle_only(self) -> bool:
        """Whether port 0 stands for the port of another section (RFC 9143, section 6)."""
        return self.is_zero and self.bundle_only

    @property
    def is_sctp(self) -> bool:
        """Whether its protocol is that of data channels."""
        return is_sctp(self.protocol)


@attrs.define(kw_only=True)
class WebDescription:
    """A description as a browser knows it, and what it could not read."""

    sections: list[WebSection] = attrs.field(factory=list)
    groups: list[tuple[str, list[str], int]] = attrs.field(factory=list)
    """Of each group the purpose, the mids, and the line."""
    problems: list[SdpProblem] = attrs.field(factory=list)

    @property
    def bundles(self) -> list[tuple[list[str], int]]:
        """The mids of each BUNDLE group (RFC 9143), and its line."""
        return [(mids, line) for semantics, mids, line in self.groups if semantics == "BUNDLE"]


def read(text: str) -> WebDescription:
    """Return what a browser reads in a description."""
    return _Reader(text).read()


_RANKS = {
    letter: rank
    for rank, letters in enumerate(["v", "o", "s", "i", "u", "e", "p", "c", "b", "tr", "z", "k", "a"])
    for letter in letters
}
"""The types of the session's lines in their order; ``t=`` and ``r=`` go together."""
_ORDER = "the order is v=, o=, s=, i=, u=, e=, p=, c=, b=, t=, r=, z=, k=, a=, one of each but b=, t=, r= and a="
_NEEDED = {"v": "v=0", "o": "o=- 1 1 IN IP4 0.0.0.0", "s": "s=-", "t": "t=0 0"}
_RFC = "RFC 8866, section 5"
_HEAD = "the mend 'head' of a profile does it"


class _Reader:
    def __init__(self, text: str) -> None:
        self._lines = list(raw_lines(text))
        self._at = 0
        self._text = text
        self._place = "session"
        self._found = WebDescription()
        self._extensions: list[tuple[int, str, bool, int]] = []
        self._transport = WebTransport()

    def read(self) -> WebDescription:
        self._head()
        while self._at < len(self._lines) and self._lines[self._at][0].startswith("m="):
            if not self._is_line(self._at, "m"):
                # Here it stops reading, and takes the rest for what follows a description.
                if not self._found.sections:
                    self._say("an m= line with nothing in it", cure="m=audio 9 UDP/TLS/RTP/SAVPF 0")
                break
            self._section()
        self._place = "session"
        self._tracks()
        return self._found

    def _say(
        self, reason: str, *, line: int | None = None, rule: str = "Chromium", cure: str = "", helper: str = ""
    ) -> None:
        at = self._at if line is None else line
        text = self._lines[at][0] if 0 <= at < len(self._lines) else ""
        number = at + 1 if 0 <= at < len(self._lines) else 0
        self._found.problems.append(
            SdpProblem(
                reason=reason,
                section=self._place,
                line=number,
                text=text,
                rule=rule,
                cure=cure,
                helper=helper,
            )
        )

    def _is_line(self, at: int, letter: str = "") -> bool:
        if at >= len(self._lines):
            return False
        line, is_ended = self._lines[at]
        return is_ended and is_line(line, letter)

    # The session's lines.

    def _head(self) -> None:
        rank, seen = -1, set[str]()
        while self._at < len(self._lines) and not self._lines[self._at][0].startswith("m="):
            line, is_ended = self._lines[self._at]
            letter = line[:1]
            if not is_ended:
                self._say("the last line has no end: it may have been cut", rule=_RFC, cure="end it with CR LF")
            elif not is_line(line):
                self._say(_shape(line), rule=_RFC, cure=f"{_NEEDED.get(letter, 'leave the line out')}; {_HEAD}")
            elif letter not in _RANKS:
                self._say(f"no session has a line {letter}=", rule=_RFC, cure=f"leave the line out; {_HEAD}")
            elif (
                _RANKS[letter] < rank
                or (letter in seen and letter not in "btra")
                or (letter == "r" and "t" not in seen)
            ):
                self._say(
                    f"{letter}= in another place than RFC 8866 gives it", rule=_RFC, cure=f"{_ORDER}; {_HEAD}"
                )
            else:
                rank = _RANKS[letter]
                self._head_line(line)
            seen.add(letter)
            self._at += 1
        for letter, cure in _NEEDED.items():
            if letter not in seen:
                self._say(f"no {letter}= line", rule=_RFC, cure=f"{cure}; {_HEAD}", line=-1)

    def _head_line(self, line: str) -> None:
        if line[0] == "o" and len(line.split(" ")) != 6:
            self._say("o= has not its six words", rule="RFC 8866, section 5.2", cure=_HEAD)
        elif line[0] == "c" and (fault := connection_fault(line[2:])):
            self._say(fault, rule="RFC 8866, section 5.7", cure="c=IN IP4 and an address")
        elif line[0] == "a":
            self._session_attribute(line[2:])

    def _session_attribute(self, text: str) -> None:
        name = name_of(text)
        grammar = OF_SESSION.get(name)
        if grammar is None:
            return
        if name == "fingerprint" and self._transport.fingerprint:
            self._say("a second fingerprint of the session", cure="leave one")
        if fault := grammar(text):
            self._say(fault, rule=_RULES.get(name, "Chromium"))
        elif name == "group":
            words = text.split(" ")
            self._found.groups.append((value_of(words[0], "group") or "", words[1:], self._at))
        elif name == "extmap":
            self._extensions.append(_extension(text, self._at))
        else:
            _take_transport(self._transport, name, text)

    # Sections.

    def _section(self) -> None:
        line = self._lines[self._at][0]
        words = line[2:].split(" ")
        index = len(self._found.sections)
        self._place = f"{words[0]} {index}"
        if len(words) < 4:
            what = "no payload type in its m= line" if len(words) == 3 else "m= has type, port, protocol and format"
            self._say(what, rule="RFC 8866, section 5.14", cure="name a format, such as 0")
            words += ["9", "RTP/AVP", "0"][len(words) - 1 :]
        kind, port, protocol = words[:3]
        if number(port, 0, 65535) is None:
            cure = "a number of ports is left out" if "/" in port else "0 to 65535"
            self._say(
                "m= has no port: a browser knows no number of ports" if "/" in port else "m= has no port",
                rule="RFC 8866, section 5.14",
                cure=cure,
            )
        formats = [number(word) for word in words[3:]] if is_rtp(protocol) else []
        if any(it is None or not 0 <= it <= 127 for it in formats):
            self._say("a format in m= is no payload type", rule="RFC 3551, section 6", cure="0 to 127")
        if kind in ("audio", "video") and not is_rtp(protocol):
            self._say(
                f"{protocol or 'no protocol'}: {kind} is sent by RTP",
                cure="transport_protocol='UDP/TLS/RTP/SAVPF'",
            )
        known = kind in ("audio", "video") or (kind == "application" and is_sctp(protocol))
        section = WebSection(
            place=self._place,
            line=self._at,
            kind=kind if known else "",
            type=kind,
            protocol=protocol,
            formats=[it for it in formats if it is not None],
            is_zero=port == "0",
            transport=attrs.evolve(self._transport),
        )
        if kind == "audio":
            for payload in section.formats:
                if payload in STATIC:
                    section.codecs[payload] = WebCodec(name=STATIC[payload], line=self._at)
        section.has_sctpmap = words[3] != "webrtc-datachannel"
        self._found.sections.append(section)
        self._at += 1
        self._section_lines(section)
        self._finish(section)

    def _section_lines(self, section: WebSection) -> None:
        grammar = grammar_of(section.type, section.protocol)
        while self._at < len(self._lines):
            line, is_ended = self._lines[self._at]
            if line.startswith("m="):
                return
            if not is_ended:
                self._say(
                    "the last line has no end: it may have been cut",
                    rule="RFC 8866, section 5",
                    cure="end it with CR LF",
                )
            elif not is_line(line):
                self._say(_shape(line), rule="RFC 8866, section 5", cure="leave the line out")
            elif line[0] == "a":
                name = name_of(line[2:])
                if (fault_of := grammar.get(name)) is not None and (fault := fault_of(line[2:])):
                    self._say(fault, rule=_RULES.get(name, "Chromium"), cure=_CURES.get(name, ""))
                else:
                    section.lines[name] = self._at
                    self._take(section, name, line[2:], grammar)
            elif line[0] == "b" and (fault := bandwidth_fault(line[2:])):
                self._say(fault, rule="RFC 8866, section 5.8", cure="leave the line out")
            elif line[0] == "c" and (fault := connection_fault(line[2:])):
                self._say(fault, rule="RFC 8866, section 5.7", cure="c=IN IP4 and an address")
            self._at += 1

    def _take(self, section: WebSection, name: str, text: str, grammar: Mapping[str, object]) -> None:
        if name == "mid":
            section.mid = value_of(text, "mid") or ""
        elif name == "bundle-only":
            section.bundle_only = True
        elif name in ("ice-ufrag", "ice-pwd", "fingerprint", "setup"):
            _take_transport(section.transport, name, text)
        elif name == "sctp-port" and name in grammar and section.has_sctpmap:
            self._say(
                "a=sctp-port beside a format that is not webrtc-datachannel",
                rule="RFC 8841, section 5.1",
                cure="m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
            )
        elif name == "sctp-port" and name in grammar:
            section.sctp_port = number(text.replace(" ", ":").split(":")[1]) or 0
        elif name in ("fmtp", "rtcp-fb", "packetization") and name in grammar:
            self._take_parameters(section, name, text)
        elif "ssrc" in grammar:
            self._take_rtp(section, name, text)

    def _take_parameters(self, section: WebSection, name: str, text: str) -> None:
        head, _, rest = text.partition(" ")
        payload = value_of(head, name) or ""
        if payload == "*" or (name == "packetization" and rest.split(" ")[0] != "raw"):
            return
        codec = section.codecs.setdefault(int(payload), WebCodec(line=self._at))
        if name == "fmtp":
            for parameter in rest.lstrip(" ").split(";"):
                key, _, value = parameter.strip(" \t\n\v\f\r").partition("=")
                if key == "apt":
                    codec.apt = value.lstrip("=")
                elif key in ("x-google-min-bitrate", "x-google-max-bitrate"):
                    codec.bitrates[key] = value.lstrip("=")

    def _take_rtp(self, section: WebSection, name: str, text: str) -> None:
        if name == "rtcp-mux":
            section.rtcp_mux = True
        elif name in ("sendrecv", "sendonly", "recvonly", "inactive"):
            section.direction = name
        elif name == "rtpmap":
            self._take_rtpmap(section, text)
        elif name == "extmap":
            section.extensions.append(_extension(text, self._at))
        elif name == "ssrc-group":
            words = text.split(" ")
            ssrcs = [number(word, 0, 2**32) or 0 for word in words[1:]]
            section.groups.append((value_of(words[0], "ssrc-group") or "", ssrcs, self._at))
        elif name == "ssrc":
            self._take_ssrc(section, text)
        elif name == "msid":
            self._take_msid(section, text)
        elif name == "rid" and (rid := rid_of(text)):
            section.rids[rid[0]] = "" if rid[0] in section.rids else rid[1]
        elif name == "simulcast":
            if section.simulcast:
                self._say("a second a=simulcast", rule="RFC 8853, section 5.1", cure="leave one")
            section.simulcast = text

    def _take_rtpmap(self, section: WebSection, text: str) -> None:
        words = text.split(" ")
        payload = number(value_of(words[0], "rtpmap") or "")
        if payload is None or payload not in section.formats:
            return
        if fault := codec_fault(words[1], is_audio=section.kind == "audio"):
            self._say(fault, rule="RFC 8866, section 6.6", cure="a=rtpmap:0 PCMU/8000")
            # The line is reported; its codec is no longer without a name.
            section.codecs.setdefault(payload, WebCodec(line=self._at)).name = words[1].split("/")[0] or "?"
            return
        if section.kind not in ("audio", "video"):
            return
        name, rate = words[1].split("/")[:2]
        codec = section.codecs.setdefault(payload, WebCodec(line=self._at))
        is_other = codec.name.lower() != name.lower() or (section.kind == "video" and int(rate) != 90000)
        if codec.name and is_other:
            known = f"{codec.name}, which has this number" if payload in STATIC else codec.name
            self._say(
                f"payload type {payload} has another name than {known} before",
                rule="RFC 3551, section 6" if payload in STATIC else "RFC 8866, section 6.6",
                cure="one name for each payload type",
            )
        codec.name, codec.line = name, self._at

    def _take_ssrc(self, section: WebSection, text: str) -> None:
        head, rest = first_of(text, " ") or ("", "")
        name, value = first_of(rest, ":") or ("", "")
        ssrc = number(value_of(head, "ssrc") or "", 0, 2**32) or 0
        known = section.ssrcs.setdefault(ssrc, ("", ""))
        if name == "msid":
            words = value.split(" ")
            section.ssrcs[ssrc] = (words[0], words[1] if len(words) > 1 else known[1])
            section.ssrcs_have_msid = True

    def _take_msid(self, section: WebSection, text: str) -> None:
        words = [word for word in text.split(" ") if word]
        track = words[1] if len(words) > 1 else section.track
        if section.track and track != section.track:
            self._say("two tracks in one section", rule="RFC 8829, section 5.2.1", cure="one a=msid line")
        section.track, section.has_msid = track, True
        stream = value_of(words[0], "msid") or ""
        if stream != "-" and stream not in section.streams:
            section.streams.append(stream)

    def _finish(self, section: WebSection) -> None:
        if section.kind in ("audio", "video"):
            for payload, codec in section.codecs.items():
                if not codec.name:
                    self._say(
                        f"payload type {payload} has no a=rtpmap line",
                        line=codec.line,
                        rule="RFC 8866, section 6.6",
                        cure="leave its other lines out, or name its codec",
                        helper="sdp.drop_codecs(body, ...)",
                    )
        if section.kind in ("audio", "video"):
            if self._extensions and section.extensions:
                self._say(
                    "header extensions of the session and of a section",
                    line=section.extensions[0][3],
                    rule="RFC 8285, section 6",
                    cure="all in the session, or all in sections",
                )
            section.extensions += self._extensions

    def _tracks(self) -> None:
        """Report a track that two sections have (RFC 8830, section 2)."""
        seen: dict[tuple[str, str], str] = {}
        for section in self._found.sections:
            for stream, track in tracks_of(section):
                if track and (stream, track) in seen:
                    self._place = section.place
                    self._say(
                        f"the msid of {seen[stream, track]} again",
                        line=section.lines.get("msid", section.lines.get("ssrc", section.line)),
                        rule="RFC 8830, section 2",
                        cure="each section has a track of its own",
                    )
                seen.setdefault((stream, track), section.place)


def tracks_of(section: WebSection) -> list[tuple[str, str]]:
    """Return the stream and the track of each track of a section; the track is empty if it has no name."""
    if section.has_msid:
        if section.kind == "application":
            return []
        return [(next(iter(section.streams), ""), section.track)]
    if section.ssrcs_have_msid:
        found = {track: stream for stream, track in reversed(section.ssrcs.values())}
        return [(stream, track) for track, stream in found.items()]
    return [("", "")] if section.ssrcs else []


def _shape(line: str) -> str:
    if not line.strip("\t "):
        return "an empty line"
    if line[1:2] != "=" or not "a" <= line[0] <= "z":
        return "no line of SDP: a small letter and an equals sign expected"
    return f"{line[0]}= is empty" if len(line) < 3 else f"a space behind {line[:2]}"


def _extension(text: str, line: int) -> tuple[int, str, bool, int]:
    words = text.split(" ")
    encrypted = words[1] == ENCRYPT
    identity = int((value_of(words[0], "extmap") or "0").partition("/")[0])
    return identity, words[2] if encrypted else words[1], encrypted, line


def _take_transport(transport: WebTransport, name: str, text: str) -> None:
    value = value_of(text, name) or ""
    if name == "ice-ufrag":
        transport.ufrag = value
    elif name == "ice-pwd":
        transport.pwd = value
    elif name == "setup":
        transport.setup = value.lower()
    elif name == "fingerprint":
        transport.fingerprint, transport.is_whole = True, fingerprint_is_whole(text)


_RULES: Mapping[str, str] = {
    "mid": "RFC 5888, section 4",
    "group": "RFC 5888, section 5",
    "candidate": "RFC 8839, section 5.1",
    "ice-ufrag": "RFC 8839, section 5.4",
    "ice-pwd": "RFC 8839, section 5.4",
    "ice-options": "RFC 8839, section 5.6",
    "fingerprint": "RFC 8122, section 5",
    "setup": "RFC 4145, section 4",
    "rtpmap": "RFC 8866, section 6.6",
    "fmtp": "RFC 8866, section 6.15",
    "rtcp-fb": "RFC 4585, section 4.2",
    "extmap": "RFC 8285, section 5",
    "ssrc": "RFC 5576, section 4.1",
    "ssrc-group": "RFC 5576, section 4.2",
    "msid": "RFC 8830, section 2",
    "simulcast": "RFC 8853, section 5.1",
    "sctp-port": "RFC 8841, section 5",
    "max-message-size": "RFC 8841, section 6",
    "ptime": "RFC 8866, section 6.4",
    "maxptime": "RFC 8866, section 6.5",
}
_CURES: Mapping[str, str] = dict.fromkeys(
    ("rtcp-fb", "fmtp", "extmap", "ssrc", "ssrc-group", "msid", "simulcast", "candidate", "ptime", "maxptime"),
    "leave the line out; the mend 'lines' of a profile does it",
)
