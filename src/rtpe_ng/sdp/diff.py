"""What changed between two session descriptions, in the words of the field."""

from __future__ import annotations

import attrs

from .model import Media, Session, parse

__all__ = ["Change", "diff"]


@attrs.frozen(kw_only=True, repr=False)
class Change:
    """One thing that differs in one media section: what it is called, how it was, and how it is."""

    media: str
    """Type and number of the section, such as ``audio 0``."""
    what: str
    """Such as ``protocol``, ``ICE``, ``rtcp-mux``, ``DTLS``, ``SDES``, ``connection`` or ``codecs``."""
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.media}: {self.what} {self.before} -> {self.after}"

    def __repr__(self) -> str:
        return f"<Change {self}>"


def diff(before: str, after: str) -> tuple[Change, ...]:
    """Return what differs between the media sections of two bodies, compared by their position.

    Raises `SdpError` where one of them has a malformed ``m=`` line.
    """
    old, new = parse(before), parse(after)
    changes = []
    for index in range(max(len(old.media), len(new.media))):
        was = _traits(old, old.media[index]) if index < len(old.media) else {}
        now = _traits(new, new.media[index]) if index < len(new.media) else {}
        name = f"{(new if now else old).media[index].type} {index}"
        changes += [
            Change(media=name, what=what, before=was.get(what, "absent"), after=now.get(what, "absent"))
            for what in was | now
            if was.get(what) != now.get(what)
        ]
    return tuple(changes)


def _traits(session: Session, media: Media) -> dict[str, str]:
    candidates = media.attributes("candidate")
    ice = session.attribute_of(media, "ice-ufrag") is not None
    fingerprint = session.attribute_of(media, "fingerprint")
    setup = session.attribute_of(media, "setup")
    crypto = media.attributes("crypto")
    return {
        "protocol": media.protocol,
        "ICE": f"{len(candidates)} candidate{'s' * (len(candidates) != 1)}" if ice else "none",
        "rtcp-mux": "none" if media.attribute("rtcp-mux") is None else "yes",
        "DTLS": f"{fingerprint.split()[0]}, setup {setup}" if fingerprint and fingerprint.split() else "none",
        # The suite, never the key.
        "SDES": ", ".join(line.split()[1] for line in crypto if len(line.split()) > 1) or "none",
        "connection": f"{session.connection_of(media)} port {media.port}",
        "codecs": " ".join(_codec(media, payload) for payload in media.formats) or "none",
    }


def _codec(media: Media, payload: str) -> str:
    for line in media.attributes("rtpmap"):
        number, _, encoding = line.partition(" ")
        if number == payload:
            return encoding.strip().partition("/")[0]
    return payload
