"""The names of keys and words in a request, and the values of simple types that stand under them.

The names come from the library's key table, `rtpe_ng.keys`: each option's key with its other spellings, and the
first version that knows it or one of its words. The table leaves out mere variants of a name, with spaces, with
underscores or with other capitals, because a reader may take them all for the same. The daemon does not: it reads
``call ID`` and not ``call_id``. Which variants it reads was measured, and stands here.

A value of the wrong type counts as absent, so that reading raises nothing.
"""

import functools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

from ..versions import OPTIONS, Behaviour

__all__ = ["hyphens", "known_words", "named", "number", "text_in", "words_in"]

_Default = TypeVar("_Default", int, None)

_SPACED = frozenset({"transport_protocol", "address_family", "media_address", "ptime_reverse", "ice_lite"}) | {
    *("dtls_reverse", "dtls_fingerprint"),
}
"""The options whose keys may be written with spaces instead of hyphens."""
_OF_SIP = frozenset({"sip_message_type", "sip_code"})
"""The options whose keys may be written with underscores, and with ``SIP`` in capitals."""
_VARIANTS = {
    "call-id": ("call-ID", "call id", "call ID"),
    "sdp": ("SDP",),
    "bundle": ("BUNDLE",),
    "rtcp-mux": ("RTCP-mux",),
    "sdp-attr": ("SDP-attr",),
    "received-from": ("received from",),
    "delete-delay": ("delete delay",),
}
"""What is read in the place of other keys. ``query`` and the commands of recordings know ``call-id`` alone."""
_WORD_VARIANTS = {
    "no_rtcp_attribute": ("no-RTCP-attribute",),
    "full_rtcp_attribute": ("full-RTCP-attribute",),
}


@functools.cache
def _key_names(behaviour: Behaviour) -> Mapping[str, str]:
    """Return the names of the keys by all that this version reads in their place."""
    names: dict[str, str] = {}
    for option, key in OPTIONS.items():
        if key.listed:
            continue
        # No measured daemon reads `codecs` for `codec`, except in the sections of `create`.
        variants = [key.key, *(key.spellings if option != "codec" else ())]
        variants += [name.lower() for name in variants]
        if option in _SPACED:
            variants += [name.replace("-", " ") for name in variants]
        if option in _OF_SIP:
            variants += [name.replace("sip", "SIP") for name in variants]
            variants += [name.replace("-", "_") for name in variants]
        names |= dict.fromkeys(variants, key.key)
    for name, others in _VARIANTS.items():
        names |= dict.fromkeys(others, name)
    return {**names, **behaviour.names_of_keys}


_WORD_NAMES = {
    variant: option
    for option, key in OPTIONS.items()
    if key.listed
    for name in (key.key, *key.spellings, *_WORD_VARIANTS.get(option, ()))
    for variant in (name, name.lower())
}
"""The options that are words of ``flags``, by all that is read in their place."""


def named(document: Mapping[str, Any], behaviour: Behaviour) -> dict[str, Any]:
    """Return the document with the name of each key in the place of a variant."""
    names = _key_names(behaviour)
    by_one_name = text_in(document, "command") in behaviour.finds_calls_by_one_name
    by_name: dict[str, Any] = {}
    for key, value in document.items():
        name = names.get(key, key)
        if by_one_name and name in ("call-id", "to-tag"):
            name = key
        if name not in by_name or behaviour.takes_last_of_twins:
            by_name[name] = value
    return by_name


def words_in(value: Any, behaviour: Behaviour) -> list[str]:
    """Return the words of a list, which may stand as a text with commas where the version reads that."""
    if isinstance(value, str):
        return value.split(",") if behaviour.reads_lists_with_commas else []
    return [word for word in value if isinstance(word, str)] if isinstance(value, list) else []


def known_words(words: Iterable[str], behaviour: Behaviour) -> Iterator[str]:
    """Yield words of ``flags`` by their names, without those that the version does not know."""
    for word in map(hyphens, words):
        option = _WORD_NAMES.get(word)
        if option is None:
            yield word
        elif behaviour.knows(option):
            yield OPTIONS[option].key


def hyphens(word: str) -> str:
    """Return a word with hyphens in the place of spaces, as the daemon reads most words."""
    return word.replace(" ", "-")


def text_in(document: Mapping[str, Any], key: str) -> str | None:
    """Return the text under a key; None where there is none."""
    value = document.get(key)
    return value if isinstance(value, str) else None


def number(value: Any, default: _Default) -> int | _Default:
    """Return a number, which may stand as a text."""
    if isinstance(value, str):
        digits = value.removeprefix("-")
        return int(value) if digits.isascii() and digits.isdecimal() and len(digits) < 19 else default
    return value if isinstance(value, int) else default
