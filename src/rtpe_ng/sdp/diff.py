"""`diff`: what changed between two session descriptions, in words for people.

Each side becomes a table of traits: what a person would call a thing ("ICE", "codecs"), how it is shown, and an
identity by which the two sides are compared. Shown text and identity differ because a changed ICE password has to
be noticed but must never be shown. The rest is wording: a thing that comes or goes takes its parts with it (DTLS
takes ``setup``), and those are not mentioned again.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import attrs

from .codec import RtpCodec
from .lines import Section, attribute_of, content
from .media import Media
from .session import Session, as_session
from .values import DIRECTIONS

__all__ = ["Change", "Diff", "diff"]


@attrs.frozen(kw_only=True, repr=False)
class Change:
    """One difference between two descriptions. `str` returns it in words."""

    media: str
    """The section: ``audio``, or ``audio 1`` if there are several; ``session`` for the lines above all sections."""
    what: str
    """What differs, such as ``protocol``, ``ICE``, ``candidates``, ``rtcp-mux``, ``DTLS`` or ``codecs``."""
    before: str
    """How it was, for people; empty if it was absent. Never a key."""
    after: str
    """How it is, for people; empty if it is absent. Never a key."""

    def __str__(self) -> str:
        before, after = self.before, self.after
        if self.what in _WORDS:
            return _WORDS[self.what](before, after)
        if not before:
            return f"{self.what} added" + (f" ({after})" if after != _YES else "")
        if not after:
            return f"{self.what} removed"
        if before == after:
            return f"{_CHANGED.get(self.what, self.what)} changed"
        return f"{self.what} {before} -> {after}"

    def __repr__(self) -> str:
        return f"<Change {self.media}: {self}>"


@attrs.frozen(kw_only=True, repr=False)
class Diff:
    """What changed between two descriptions. `str` returns one line for each section with changes."""

    changes: tuple[Change, ...]
    """The changes of the session, then those of each section."""

    def __iter__(self) -> Iterator[Change]:
        return iter(self.changes)

    def __len__(self) -> int:
        return len(self.changes)

    def __str__(self) -> str:
        sections: dict[str, list[str]] = {}
        for change in self.changes:
            sections.setdefault(change.media, []).append(str(change))
        return "\n".join(f"{name}: {', '.join(words)}" for name, words in sections.items()) or "nothing changed"

    def __repr__(self) -> str:
        return f"<Diff {self}>"


_YES = "yes"
_CHANGED = {"ICE": "ICE credentials", "DTLS": "DTLS fingerprint", "SDES": "SDES keys"}
"""What to call the changed part of a thing that is there before and after."""


def _candidates(before: str, after: str) -> str:
    def noun(number: str) -> str:
        return f"{number} candidate{'s' * (number != '1')}"

    if before and after:
        return f"{noun(before)} -> {after}" if before != after else f"{noun(after)} changed"
    return f"{noun(after)} added" if after else f"{noun(before)} gone"


def _codecs(before: str, after: str) -> str:
    gone = [name for name in before.split() if name not in after.split()]
    new = [name for name in after.split() if name not in before.split()]
    if gone or new:
        return ", ".join(f"{' '.join(names)} {how}" for names, how in ((gone, "gone"), (new, "added")) if names)
    return f"codecs {before} -> {after}" if before != after else "payload types changed"


_WORDS: Mapping[str, Callable[[str, str], str]] = {
    "protocol": lambda before, after: f"{before} -> {after}",
    "rejected": lambda before, _after: "no longer rejected" if before else "rejected",
    "candidates": _candidates,
    "codecs": _codecs,
}
"""The wording for things that are not just added, removed or changed."""

_PARTS_OF = {"ICE": ("ice-options", "end-of-candidates"), "DTLS": ("setup", "tls-id")}
"""The parts of a thing, which are not mentioned when the thing itself is added or removed."""


class _Trait(NamedTuple):
    """How a thing is shown to people, and the value by which it is compared, which may be a key."""

    shown: str
    identity: object


def diff(before: str | bytes | Session, after: str | bytes | Session) -> Diff:
    """Return the differences between two descriptions. Sections are compared by their place.

    Attributes that a section inherits from the session count as the section's own. So only differences in meaning
    are reported, and not where or how something is written. Raises `SdpError` if the text is no SDP.
    """
    old, new = as_session(before), as_session(after)
    counts = (Counter(section.type for section in session.media) for session in (old, new))
    several = {kind for types in counts for kind, number in types.items() if number > 1}
    changes = list(_compared("session", _of_session(old), _of_session(new)))
    for index in range(max(len(old.media), len(new.media))):
        was = old.media[index] if index < len(old.media) else None
        now = new.media[index] if index < len(new.media) else None
        kind = (old if now is None else new).media[index].type
        name = f"{kind} {index}" if kind in several else kind
        if was is None or now is None:
            there = {"section": _Trait(_YES, _YES)}
            changes += _compared(name, {} if was is None else there, {} if now is None else there)
        else:
            # Parameters are compared for codecs of both sides only. A codec that is gone is reported itself.
            common = frozenset(was.formats) & frozenset(now.formats)
            ambiguous = _ambiguous(was.codecs, now.codecs)
            traits = _of_media(was, common, ambiguous), _of_media(now, common, ambiguous)
            differences = list(_compared(name, *traits))
            # When ICE or DTLS itself comes or goes, so do its parts.
            turned = {change.what for change in differences if not (change.before and change.after)}
            parts = {part for what in turned for part in _PARTS_OF.get(what, ())}
            changes += [change for change in differences if change.what not in parts]
    return Diff(changes=tuple(changes))


def _compared(name: str, old: Mapping[str, _Trait], new: Mapping[str, _Trait]) -> Iterator[Change]:
    none = _Trait("", None)
    for what in {**old, **new}:
        was, now = old.get(what, none), new.get(what, none)
        if was.identity != now.identity:
            yield Change(media=name, what=what, before=was.shown, after=now.shown)


def _of_session(session: Session) -> dict[str, _Trait]:
    traits = {}
    if origin := session.origin:
        author = f"{origin.username} {origin.session_id}"
        traits["origin"] = _Trait(author, author)
        traits["session version"] = _Trait(origin.session_version, origin.session_version)
        traits["origin address"] = _Trait(origin.address, origin.address)
    for group in session.groups:
        traits[group.semantics] = _Trait(" ".join(group.mids) or _YES, group.mids)
    return traits | _others(session)


def _ambiguous(*sides: tuple[RtpCodec, ...]) -> frozenset[str]:
    """Return the names that several codecs of one side share, such as telephone-event at two clock rates."""
    counts = (Counter(codec.name for codec in codecs) for codecs in sides)
    return frozenset(name for names in counts for name, number in names.items() if number > 1)


def _of_media(section: Media, common: frozenset[str], ambiguous: frozenset[str]) -> dict[str, _Trait]:
    """Return the traits of a section, the most important first.

    `common` are the formats that both sides have; `ambiguous` are the codec names that several codecs share.
    """
    connection, codecs = section.connection, section.codecs
    candidates, cryptos = section.attributes("candidate"), section.attributes("crypto")
    fingerprints = section.effective("fingerprint")
    hashes = ", ".join(dict.fromkeys(fingerprint.hash_function for fingerprint in section.fingerprints))
    suites = ", ".join(dict.fromkeys(crypto.suite for crypto in section.cryptos))
    names = {str(codec.payload_type): str(codec) if codec.name in ambiguous else codec.name for codec in codecs}
    place = f"{connection.address if connection else 'nowhere'} port {section.port}"
    parameters = {codec.payload_type: codec.parameters for codec in codecs if str(codec.payload_type) in common}
    traits = {
        "protocol": _Trait(section.protocol, section.protocol),
        "rejected": _presence(section.is_rejected),
        "ICE": _Trait(_YES if section.ice_ufrag else "", (section.ice_ufrag, section.ice_pwd)),
        "rtcp-mux": _presence(section.rtcp_mux),
        "candidates": _Trait(str(len(candidates)) if candidates else "", candidates),
        "DTLS": _Trait((hashes or _YES) if fingerprints else "", fingerprints),
        "setup": _Trait(section.setup or "", section.setup),
        "tls-id": _presence(section.tls_id),
        "SDES": _Trait((suites or _YES) if cryptos else "", cryptos),
        "direction": _Trait(section.direction, section.direction),
        "connection": _Trait(place, place),
        "rtcp": _Trait(section.attribute("rtcp") or "", section.attribute("rtcp")),
        "codecs": _Trait(" ".join(names.get(word) or word for word in section.formats), section.formats),
        "codec parameters": _Trait(_YES, parameters),
        "extmap": _presence(section.effective("extmap")),
        "rtcp-fb": _presence(section.attributes("rtcp-fb")),
        "ice-options": _presence(section.effective("ice-options")),
        "end-of-candidates": _presence(section.effective("end-of-candidates")),
    }
    return traits | _others(section)


def _presence(value: object) -> _Trait:
    """Return the trait of a thing that people are told is there or not; its value only says whether it changed."""
    return _Trait(_YES if value else "", value)


_COVERED = frozenset(
    {"candidate", "crypto", "end-of-candidates", "extmap", "fingerprint", "fmtp", "group", "ice-options", "ice-pwd",
     "ice-ufrag", "rtcp-fb", "rtcp", "rtcp-mux", "rtpmap", "setup", "tls-id", *DIRECTIONS}
)  # fmt: skip
"""The attributes that `_of_session` and `_of_media` cover."""


def _others(section: Section) -> dict[str, _Trait]:
    """Return the traits for all other attributes, by their names, and for other lines, such as ``b=``."""
    others: dict[str, list[str]] = {}
    for line in section.lines:
        name, value = attribute_of(line)
        if not name and line[0] not in "vocma":
            name, value = line[:2], content(line)[2:]
        if name and name not in _COVERED:
            others.setdefault(name, []).append(value)
    return {name: _presence(values) for name, values in others.items()}
