"""How a request may be spelt: which version of the daemon reads which other name, word and form of a value.

A daemon takes a space for a hyphen in some keys and not in others, a text for a list since 11.2, and ``SDES-off``
in the list ``flags`` for a member of the list ``SDES``. It ignores the rest and answers ``ok``. The ng document
lists little of this; what stands here was measured on 10.5.3.5, 12.5.1.31 and 26.0.1.26, whose logs name what they
do not know. `Spellings` has all of it for one version; `rtpe_ng.flags.dictionary` reads requests by it. `Flags`
themselves write the one spelling that every version reads.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping

import attrs

from ..keys import Key
from ..versions import is_older, version_of
from .fields import VOCABULARY

NEWEST = max(
    (age for _, option in VOCABULARY.options for age in (option.since, *option.words.values())), key=version_of
)
"""The newest version of which the library knows an option or a word."""

# Names of keys.

_SPACED = frozenset({
    *("transport_protocol", "address_family", "media_address", "media_echo", "endpoint_learning", "drop_traffic"),
    *("ptime_reverse", "ice_lite", "dtls_reverse", "dtls_fingerprint", "t38_version", "audio_player"),
    *("delay_buffer", "generate_rtcp", "record_call", "output_destination", "recording_path", "recording_pattern"),
    *("dtmf_security", "dtmf_security_trigger", "dtmf_security_trigger_end", "dtmf_delay"),
    *("trigger_end", "trigger_end_time", "trigger_end_digits"),
})  # fmt: skip
"""The options whose keys may have spaces in the place of all hyphens."""
_UNDERSCORED = frozenset({"sip_message_type", "sip_code", "sdp_media_remove"})
"""The options whose keys may have underscores in the place of all hyphens, and capitals at the beginning."""
_MORE_NAMES = {
    "rtcp_mux": ("RTCP-mux",),
    "bundle": ("BUNDLE",),
    "sdp_attr": ("SDP-attr",),
    "moh": ("MOH", "MoH"),
    "xmlrpc_callback": ("XMLRPC-callback",),
}
_UNREAD_NAMES = frozenset({"codecs"})
"""Names that people use, and that no daemon reads."""
_NAME_SINCE = {"audio player": "26.0"}
_NAME_UNTIL = {"DTLS reverse": "26.0", "dtls reverse": "26.0"}
"""The first versions that read a name, or read it no more, where that is not so of the whole key."""

# Words of the list ``flags``.

_MORE_WORDS = {"no_rtcp_attribute": ("no-RTCP-attribute",), "full_rtcp_attribute": ("full-RTCP-attribute",)}
_UNREAD_WORDS = frozenset({"passthru"})
_VALUED_WORDS = {
    "no-passthrough": ("passthrough", "off"),
    "no-player": ("audio-player", "off"),
    "no-audio-player": ("audio-player", "off"),
}
"""The words that stand for a key with a value."""

PREFIXES: Mapping[str, tuple[str, ...]] = {
    "SDES-": ("SDES",),
    "OSRTP-": ("OSRTP",),
    "T38-": ("T.38",),
    "T.38-": ("T.38",),
    "replace-": ("replace",),
    "rtcp-mux-": ("rtcp-mux",),
    "BUNDLE-": ("bundle",),
    "endpoint-learning-": ("endpoint-learning",),
    "transcode-": ("codec", "transcode"),
    **{
        f"codec-{operation}-": ("codec", operation)
        for operation in ("strip", "offer", "except", "transcode", "mask", "set", "accept", "consume", "ignore")
    },
    **{f"sdp-attr-{change}-": ("sdp-attr", change) for change in ("add", "remove", "substitute")},
}
"""How words begin that are a member of a list of their own, and that list: its key, or also the key within it."""
_PREFIX_SINCE = {"replace-": "11.2", "rtcp-mux-": "12.4", "sdp-attr-add-": "11.5", "sdp-attr-remove-": "11.5"} | {
    "sdp-attr-substitute-": "11.5"
}

# Values.


def _each(canonical: str, *others: str) -> dict[str, str]:
    return dict.fromkeys(others, canonical)


_YES, _NO = ("yes", "enable", "enabled"), ("no", "disable", "disabled")
_OSRTP_RFC = {"offer-rfc": "offer-RFC", "accept-rfc": "accept-RFC"}
SYNONYMS: Mapping[str, Mapping[str, str]] = {
    "ICE": _each("force-relay", "force_relay", "force relay"),
    "ICE-lite": {
        **_each("off", "none", "no"),
        **_each("forward", "offer", "fwd", "fw"),
        **_each("backward", "backwards", "reverse", "answer", "back", "bkw", "bk"),
    },
    "DTLS": _each("disable", "disabled"),
    "passthrough": _each("on", *_YES) | _each("off", *_NO),
    "audio-player": {
        **_each("on", *_YES),
        **_each("off", *_NO),
        **_each("transcoding", "transcode"),
        **_each("always", "force", "forced", "everything"),
    },
    "media-echo": {
        **_each("forward", "fwd", "fw"),
        **_each("backwards", "backward", "reverse", "back", "bkw", "bk"),
    },
    **dict.fromkeys(("DTMF-security", "DTMF-security-trigger", "DTMF-security-trigger-end"), _each("DTMF", "dtmf")),
    "alias-key": _each("off", "none", "no") | _each("SDP", "sdp"),
    "sip-message-type": {
        **_each("sip-request", "request", "sip_request", "SIP-request", "SIP_request"),
        **_each("sip-reply", "reply", "sip_reply", "SIP-reply", "SIP_reply"),
        **_each("sip-reply", "sip-response", "sip_response", "SIP-response", "SIP_response"),
    },
    "SDES": {
        **_each("disable", "disabled"),
        **_each("prefer", "priority"),
        **{
            word.upper(): word
            for kind in ("encrypted_srtp", "encrypted_srtcp", "authenticated_srtp")
            for word in (kind, f"un{kind}")
        },
    },
    "OSRTP": _OSRTP_RFC,
    "replace": {
        "sdp-version": "SDP-version",
        "origin_full": "origin-full",
        "force-increment-SDP-ver": "force-increment-sdp-ver",
    },
    "T.38": {
        "no-ecm": "no-ECM",
        "no-iaf": "no-IAF",
        "fec": "FEC",
        **{
            f"no-{letter}{dot}{name}": f"no-V.{name}"
            for name in ("17", "27ter", "29", "34")
            for letter, dot in (("V", ""), ("v", ""), ("v", "."))
        },
    },
}
"""Other words for a value, by the key: each with the word of `Flags` that means the same."""
_SYNONYM_SINCE = {"force-increment-SDP-ver": "13.2"}
ANY_CASE = frozenset({"transport-protocol", "DTLS-fingerprint"})
"""The keys whose values are read in small letters and in capitals."""
_HYPHENATED = frozenset({"SDES", "replace", "T.38"})
"""The keys of whose members every space becomes a hyphen until 13.2."""
_SPACES_STAY_READ = frozenset({"replace", "T.38"})
"""Those whose members are still read when all of their hyphens are spaces."""
DEADLY = frozenset({"DTMF-log-dest"})
"""The keys that end the process of 12.5 where their value is no text."""
LISTS_ALONE = frozenset({"direction", "sdp-media-remove"})
"""The keys that are read as a list only, whatever the version."""


@attrs.frozen(kw_only=True, eq=False)
class Spellings:
    """What one version of the daemon reads in the place of the spelling that `Flags` write."""

    version: str
    """The version."""
    keys: Mapping[str, str]
    """The keys of `Flags` on the wire, by each name that is read for them."""
    words: Mapping[str, tuple[str, object]]
    """What a word of the list ``flags`` stands for: the word of `Flags` and True, or a key and its value."""
    prefixes: Mapping[str, tuple[str, ...]]
    """Those of `PREFIXES` that are read."""
    reads_text_as_list: bool
    """A text stands for a list of words, with commas between them. Else it is ignored where a list belongs."""
    hyphenates: bool
    """Every space in a word of ``flags`` becomes a hyphen. Else a word is read with spaces in the place of all of
    its hyphens or with none, and nothing is changed behind a prefix."""

    def member(self, key: str, word: str) -> str:
        """Return a member of the list `key`, or the value of it, as `Flags` write what this version reads in it."""
        if key in _HYPHENATED and (self.hyphenates or (key in _SPACES_STAY_READ and "-" not in word)):
            word = word.replace(" ", "-")
        known = SYNONYMS.get(key, {}).get(word)
        if known is not None and not is_older(self.version, _SYNONYM_SINCE.get(word, "0.0")):
            return known
        return word.upper() if key in ANY_CASE and word != "accept" else word

    def word(self, word: str) -> str:
        """Return a word of ``flags`` with hyphens, where this version puts them in the place of spaces."""
        return word.replace(" ", "-") if self.hyphenates else word


def is_known(key: Key, version: str, word: str = "") -> bool:
    """Return whether a version of the daemon knows a key, and a `word` that is its value or in its list."""
    return unknown_since(key, version, word) == ""


def unknown_since(key: Key, version: str, word: str = "") -> str:
    """Return why a version does not know a key with this `word`, such as ``known since 14.0``; empty if it does."""
    later = [since for start, since in key.words.items() if word == start or _goes_on(start, word)]
    since = max([key.since, *later], key=version_of)
    if is_older(version, since):
        return f"known since {since}"
    until = key.ended.get(word, key.until)
    return f"unknown since {until}" if until is not None and not is_older(version, until) else ""


def _goes_on(start: str, word: str) -> bool:
    return start.endswith(("-", ":")) and word.startswith(start)


@functools.cache
def spellings_of(version: str) -> Spellings:
    """Return the spellings that a daemon of `version` reads, such as ``26.0`` or ``12.5.1.31``.

    Raises `UsageError` for what is no version.
    """
    hyphenates = is_older(version, "13.2")
    return Spellings(
        version=version,
        keys=dict(_keys(version)),
        words=dict(_words(version)),
        prefixes={
            prefix: path
            for prefix, path in PREFIXES.items()
            if not is_older(version, _PREFIX_SINCE.get(prefix, "0.0")) and _is_prefix_known(path, version)
        },
        reads_text_as_list=not is_older(version, "11.2"),
        hyphenates=hyphenates,
    )


def _keys(version: str) -> Iterator[tuple[str, str]]:
    for name, option in VOCABULARY.options:
        if option.listed or not is_known(option, version):
            continue
        for variant in _variants(name, option):
            since, until = _NAME_SINCE.get(variant, "0.0"), _NAME_UNTIL.get(variant, "999.0")
            if is_older(version, until) and not is_older(version, since):
                yield variant, option.key


def _variants(name: str, option: Key) -> Iterator[str]:
    """Yield every name of a key, its own first."""
    names = [option.key, *option.spellings, *_MORE_NAMES.get(name, ())]
    names += [each.lower() for each in names]
    if name in _UNDERSCORED:
        # "sip" and "sdp" are three letters, which may be capitals.
        names += [each[:3].upper() + each[3:] for each in names]
        names += [each.replace("-", "_") for each in names]
    if name in _SPACED:
        names += [each.replace("-", " ") for each in names]
    yield from (each for each in dict.fromkeys(names) if each not in _UNREAD_NAMES)


def _words(version: str) -> Iterator[tuple[str, tuple[str, object]]]:
    for name, option in VOCABULARY.options:
        if not is_known(option, version):
            continue
        if option.listed:
            # What is never sent is no word of the daemon's either, except for the shorthand.
            meaning: tuple[str, object] = (option.key, True)
            names = [option.key, *option.spellings] if option.sent or name == "webrtc" else []
        else:
            meaning = (option.key, option.bare)
            names = [option.key, *option.spellings] if option.bare else []
        names += _MORE_WORDS.get(name, ())
        names = [each for each in names if each not in _UNREAD_WORDS]
        for each in dict.fromkeys(names + [name.lower() for name in names]):
            yield each, meaning
            yield each.replace("-", " "), meaning
    for word, (key, value) in _VALUED_WORDS.items():
        if is_known(VOCABULARY.keys[key].metadata["key"], version):
            yield word, (key, value)
            yield word.replace("-", " "), (key, value)


def _is_prefix_known(path: tuple[str, ...], version: str) -> bool:
    field = VOCABULARY.keys[path[0]]
    operation = path[1] if path[0] == "codec" else ""
    return is_known(field.metadata["key"], version) and not (operation == "ignore" and is_older(version, "13.3"))
