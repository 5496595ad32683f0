"""What the members of the option ``codec`` do to a list (ng document, "Optionally included codec manipulations").

Each function changes one list of codecs. Words name codecs: ``PCMU``, ``opus/48000``, ``opus/48000/2``; in most
operations ``all`` and ``full`` name every codec. `origin` is the list that came from the sender: a codec that was
stripped can come back from there, with the payload type that it had.

Every change touches the clock rate of the codec. telephone-event and CN accompany codecs of one clock rate, so at
the end `align_supplemental` adds or removes them at the rates that were touched, and leaves all others alone.
"""

from collections.abc import Collection, Iterable

import attrs

from .entry import CodecEntry
from .list import CodecList, rates_of

__all__ = [
    "accept",
    "align_supplemental",
    "bring_back",
    "choose",
    "create",
    "keep_transcodable",
    "mark_touched",
    "restore_if_empty",
    "strip",
    "transcode",
]

_EVERY = ("all", "full")


def strip(codecs: CodecList, words: Iterable[str], kept: Collection[str] = ()) -> None:
    """Remove the codecs that the words name; ``all`` and ``full`` spare those that `kept` names."""
    for word in words:
        if word in _EVERY:
            codecs.stripped_in_full |= word == "full"
            named = [codec for codec in codecs if not any(codec.is_named(name) for name in kept)]
        else:
            named = codecs.named(word)
        for codec in named:
            if not codec.supplemental or codecs.behaviour.strips_touch_supplemental:
                codecs.touch(codec)
            codecs.remove(codec)


def bring_back(codecs: CodecList, words: Iterable[str], origin: CodecList) -> None:
    """Add back from `origin` what a word names, unless the list still has a codec of that name."""
    for word in words:
        if not codecs.named(word):
            for codec in origin.named(word):
                _return(codecs, codec)


def _return(codecs: CodecList, codec: CodecEntry) -> bool:
    """Add a codec unless its payload type is taken; tell whether it was added."""
    if codecs.get(codec.payload_type) is not None:
        return False
    codecs.touch(codec)
    codecs.add(codec)
    return True


def accept(codecs: CodecList, words: Iterable[str], origin: CodecList | None = None) -> None:
    """Mark the named codecs as transcoded in both directions, whatever the answerer says.

    A codec that the list lacks comes from `origin`.
    """
    for word in words:
        named = list(codecs) if word in _EVERY else _named(codecs, word)
        if not named and origin is not None:
            named = [codec for codec in _named(origin, word) if _return(codecs, codec)]
        for codec in named:
            codecs.replace(codec, attrs.evolve(codec, transcoded=True, accepted=True))
            codecs.touch(codec)


def _named(codecs: CodecList, word: str) -> list[CodecEntry]:
    """Return the codecs that a word names, also by their parameters if the version compares these."""
    if not codecs.behaviour.compares_parameters:
        return codecs.named(word)
    if "/" in word and (wanted := CodecEntry.of_word(word, codecs.media_type, codecs.behaviour)) is not None:
        return [codec for codec in codecs if wanted.matches(codec)]
    return [codec for codec in codecs if codec.name == word]


def choose(codecs: CodecList, words: Iterable[str]) -> CodecEntry | None:
    """Return the first codec that a word names, or else the first that can be transcoded; None if there is none.

    With the word ``any`` the codec need not be one that can be transcoded.
    """
    any_codec = False
    for word in words:
        any_codec = any_codec or word == "any"
        if named := codecs.named(word):
            return named[0]
    return next((codec for codec in codecs if any_codec or codec.kind is not None), None)


def mark_touched(codecs: CodecList, words: Iterable[str]) -> None:
    """Touch the clock rates of the named codecs."""
    for word in words:
        if word in _EVERY:
            codecs.touch_all()
        for codec in codecs.named(word):
            codecs.touch(codec)


def transcode(codecs: CodecList, words: Iterable[str], origin: CodecList) -> None:
    """Add the named codecs: from `origin` if they came from there, or else as codecs of the engine's own."""
    behaviour = codecs.behaviour
    for word in words:
        wanted = CodecEntry.of_word(word, codecs.media_type, behaviour)
        if behaviour.compares_parameters:
            present = codecs.matching(word, wanted) is not None
        else:
            present = bool(codecs.named(word))
        if present:
            continue
        named = [] if codecs.stripped_in_full else origin.named(word)
        if not named and behaviour.remembers_offered_codecs:
            known = origin.matching(word, wanted)
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
    """Add the named codecs, whether they can be transcoded or not."""
    for word in words:
        wanted = CodecEntry.of_any_word(word, codecs.media_type, codecs.behaviour)
        if codecs.matching(word, wanted) is None:
            _add_own(codecs, wanted)


def keep_transcodable(codecs: CodecList) -> None:
    """Remove from an audio list what cannot be transcoded; an empty list gets PCMU and PCMA."""
    if codecs.media_type != "audio":
        return
    if not len(codecs):
        create(codecs, ("PCMU", "PCMA"))
    for codec in codecs:
        if codec.kind is None:
            codecs.touch(codec)
            codecs.remove(codec)


def _add_own(codecs: CodecList, codec: CodecEntry | None, *others: CodecList) -> None:
    """Add a codec of the engine's own under a payload type that is free in all these lists, if there is one."""
    numbered = None if codec is None else codecs.numbered(codec, *others)
    if numbered is not None:
        codecs.touch(numbered)
        codecs.add(attrs.evolve(numbered, transcoded=True))


def restore_if_empty(codecs: CodecList, origin: CodecList) -> None:
    """If no codec is left, take all of `origin` over, with nothing touched."""
    if not len(codecs):
        codecs.untouch()
        for codec in origin:
            codecs.append(codec)


def align_supplemental(codecs: CodecList, origin: CodecList | None = None) -> None:
    """Have telephone-event and CN at exactly the clock rates of the other codecs, as far as these were touched."""
    rates = rates_of(tuple(codecs))
    groups: dict[str, list[CodecEntry]] = {}
    for codec in codecs:
        if codec.supplemental:
            groups.setdefault(codec.name.lower(), []).append(codec)
    # CN comes first.
    for _, members in sorted(groups.items()):
        present = {codec.clock_rate for codec in members}
        for rate in rates:
            if rate not in present and codecs.touched(rate):
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
