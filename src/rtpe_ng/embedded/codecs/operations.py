"""What the members of the option ``codec`` do to a list (ng document, "Optionally included codec manipulations").

Words name codecs: ``PCMU``, ``opus/48000``, ``opus/48000/2``; ``all`` and ``full`` mean every one of them.
`origin` is the list that the offerer sent, from which codecs come back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import attrs

from .entry import CodecEntry
from .list import CodecList, rates_of

__all__ = [
    "accept",
    "bring_back",
    "chosen",
    "create",
    "follow",
    "restore_if_empty",
    "settle",
    "strip",
    "track",
    "transcode",
]

_EVERY = ("all", "full")


def strip(codecs: CodecList, words: Iterable[str], kept: Collection[str] = ()) -> None:
    """Take out what the words name; with ``all`` and ``full`` all but those that `kept` names."""
    for word in words:
        if word in _EVERY:
            codecs.stripped_in_full |= word == "full"
            named = [it for it in codecs if not any(it.is_named(name) for name in kept)]
        else:
            named = codecs.named(word)
        for codec in named:
            if not codec.supplemental or codecs.behaviour.strips_touch_supplemental:
                codecs.touch(codec)
            codecs.remove(codec)


def bring_back(codecs: CodecList, words: Iterable[str], origin: CodecList) -> None:
    """Add what the words name and the offerer had, word by word, where nothing of that name is left."""
    for word in words:
        if not codecs.named(word):
            for codec in origin.named(word):
                _return(codecs, codec)


def _return(codecs: CodecList, codec: CodecEntry) -> bool:
    if codecs.get(codec.payload_type) is not None:
        return False
    codecs.touch(codec)
    codecs.add(codec)
    return True


def accept(codecs: CodecList, words: Iterable[str], origin: CodecList | None = None) -> None:
    """Mark what the words name as codecs that are transcoded to and from, whatever the answerer says.

    What is missing comes from `origin`.
    """
    for word in words:
        named = list(codecs) if word in _EVERY else _meant(codecs, word)
        if not named and origin is not None:
            named = [codec for codec in _meant(origin, word) if _return(codecs, codec)]
        for codec in named:
            codecs.replace(codec, attrs.evolve(codec, transcoded=True, accepted=True))
            codecs.touch(codec)


def _meant(codecs: CodecList, word: str) -> list[CodecEntry]:
    if not codecs.behaviour.compares_parameters:
        return codecs.named(word)
    if "/" in word and (wanted := CodecEntry.of_word(word, codecs.media_type, codecs.behaviour)) is not None:
        return [codec for codec in codecs if wanted.matches(codec)]
    return [codec for codec in codecs if codec.name == word]


def chosen(codecs: CodecList, words: Iterable[str]) -> CodecEntry | None:
    """Return the first codec that a word names, else the first that can be transcoded, or None where there is none.

    With the word ``any`` it need not be one that can be transcoded.
    """
    any_codec = False
    for word in words:
        any_codec = any_codec or word == "any"
        if named := codecs.named(word):
            return named[0]
    return next((codec for codec in codecs if any_codec or codec.kind is not None), None)


def track(codecs: CodecList, words: Iterable[str]) -> None:
    """Note what the words name as touched."""
    for word in words:
        if word in _EVERY:
            codecs.touch_all()
        for codec in codecs.named(word):
            codecs.touch(codec)


def transcode(codecs: CodecList, words: Iterable[str], origin: CodecList) -> None:
    """Add what the words name: from what the offerer had, or else as a codec of the daemon's own."""
    behaviour = codecs.behaviour
    for word in words:
        wanted = CodecEntry.of_word(word, codecs.media_type, behaviour)
        if behaviour.compares_parameters:
            present = codecs.the_one(word, wanted) is not None
        else:
            present = bool(codecs.named(word))
        if present:
            continue
        named = [] if codecs.stripped_in_full else origin.named(word)
        if not named and behaviour.remembers_offered_codecs:
            known = origin.the_one(word, wanted)
            if known is not None:
                codecs.touch(known)
                codecs.add(known)
                continue
            if wanted is not None and codecs.get(wanted.payload_type) is not None:
                wanted = attrs.evolve(wanted, payload_type=-1)
        if not named:
            _add_own(codecs, wanted, origin)
        for codec in named:
            _return(codecs, attrs.evolve(codec, transcoded=codec.transcoded or codec.former))


def create(codecs: CodecList, words: Iterable[str]) -> None:
    """Add what the words name, be it something that can be transcoded or not."""
    for word in words:
        wanted = CodecEntry.of_any_word(word, codecs.media_type, codecs.behaviour)
        if codecs.the_one(word, wanted) is None:
            _add_own(codecs, wanted)


def settle(codecs: CodecList) -> None:
    """Take out of audio what cannot be transcoded; where there is nothing at all, it is PCMU and PCMA."""
    if codecs.media_type != "audio":
        return
    if not len(codecs):
        create(codecs, ("PCMU", "PCMA"))
    for codec in codecs:
        if codec.kind is None:
            codecs.touch(codec)
            codecs.remove(codec)


def _add_own(codecs: CodecList, codec: CodecEntry | None, *others: CodecList) -> None:
    numbered = None if codec is None else codecs.numbered(codec, *others)
    if numbered is not None:
        codecs.touch(numbered)
        codecs.add(attrs.evolve(numbered, transcoded=True))


def restore_if_empty(codecs: CodecList, origin: CodecList) -> None:
    """Take over all that the offerer had, as if nothing was touched, where nothing is left."""
    if not len(codecs):
        codecs.untouch()
        for codec in origin:
            codecs.append(codec)


def follow(codecs: CodecList, origin: CodecList | None = None) -> None:
    """Have telephone-event and CN at just the clock rates of the other codecs, where these were touched."""
    rates = rates_of(tuple(codecs))
    groups: dict[str, list[CodecEntry]] = {}
    for codec in codecs:
        if codec.supplemental:
            groups.setdefault(codec.name.lower(), []).append(codec)
    # CN comes first.
    for _, members in sorted(groups.items()):
        has = {codec.clock_rate for codec in members}
        for rate in rates:
            if rate not in has and codecs.touched(rate):
                _add_supplemental(codecs, f"{members[0].name}/{rate}", origin)
        for codec in members:
            if codec.clock_rate not in rates and codecs.touched(codec.clock_rate):
                codecs.remove(codec)


def _add_supplemental(codecs: CodecList, word: str, origin: CodecList | None) -> None:
    named = origin.named(word) if origin is not None and codecs.behaviour.merges_former_codecs else []
    codec = named[0] if named else CodecEntry.of_word(word, codecs.media_type, codecs.behaviour)
    numbered = codec if named else codec and codecs.numbered(codec)
    if numbered is not None:
        codecs.add(attrs.evolve(numbered, transcoded=True))
