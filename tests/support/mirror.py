"""Answers to any offer, as an honest endpoint makes them: section for section, with what the offer allows."""

from __future__ import annotations

from collections.abc import Collection

from rtpe_ng import sdp

_REVERSED = {"sendonly": "recvonly", "recvonly": "sendonly"}
_FINGERPRINT = "sha-256 " + ":".join(f"{13 * n % 256:02X}" for n in range(1, 33))
_ADDRESS = "127.0.3.1"


def mirror(
    offered: str,
    *,
    reject: Collection[int] = (),
    keep: int = 2,
    direction: str | None = None,
    setup: str = "active",
    ice: tuple[str, str] = ("Mirr", "madeUpByTheMirrorAndLong"),
) -> str:
    """Answer `offered`: the sections in `reject` with port 0, others with the first `keep` formats.

    `direction` replaces what follows from the offer. `setup` is what is said to ``actpass``.
    `ice` is the user name fragment and the password, where ICE was offered.
    """
    session = sdp.parse(offered)
    lines = ["v=0", "o=mirror 7 1 IN IP4 127.0.3.1", "s=-", f"c=IN IP4 {_ADDRESS}", "t=0 0"]
    for index, media in enumerate(session.media):
        if index in reject or not media.port:
            lines.append(f"m={media.type} 0 {media.protocol} {' '.join(media.formats)}")
            if mid := media.attribute("mid"):
                lines.append(f"a=mid:{mid}")
        else:
            lines += _section(media, 42000 + 10 * index, keep, direction, setup, ice)
    return "\r\n".join(lines) + "\r\n"


def _section(
    media: sdp.Media, port: int, keep: int, direction: str | None, setup: str, ice: tuple[str, str]
) -> list[str]:
    formats = media.formats[:keep]
    lines = [f"m={media.type} {port} {media.protocol} {' '.join(formats)}"]
    for attribute in (line.strip()[2:] for line in media.lines if line.startswith("a=")):
        name, _, value = attribute.partition(":")
        if name in ("rtpmap", "fmtp", "rtcp-fb"):
            if value.split(" ")[0] in formats:
                lines.append(f"a={attribute}")
        elif name in ("mid", "rtcp-mux", "sctp-port", "max-message-size", "ptime"):
            lines.append(f"a={attribute}")
        elif name == "setup":
            lines.append(f"a=setup:{setup if value == 'actpass' else 'passive' if value == 'active' else 'active'}")
        elif name == "fingerprint":
            lines.append(f"a=fingerprint:{_FINGERPRINT}")
        elif name == "crypto" and not any(line.startswith("a=crypto") for line in lines):
            lines.append(f"a=crypto:{value.split(' inline:')[0]} inline:YW5zd2VyaW5nLCBub3QgYSBzZWNyZXQgISEhISEh")
        elif name in _REVERSED or name in ("sendrecv", "inactive"):
            lines.append(f"a={direction or _REVERSED.get(name, name)}")
    if media.effective("ice-ufrag"):
        lines += [f"a=ice-ufrag:{ice[0]}", f"a=ice-pwd:{ice[1]}", "a=ice-options:trickle"]
        lines.append(f"a=candidate:1 1 udp 2130706431 {_ADDRESS} {port} typ host")
    return lines
