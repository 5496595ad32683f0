"""Hold the table of spellings against real daemons: ``python -m tools.spellings``.

For every odd spelling of every option a dictionary goes to each daemon as it is, and once more in the spelling that
every version reads, with what that version ignores left out. The two bodies that come back must be the same. The
daemon's log must complain of what the table does not know, and of nothing that the table says is read. Where an
option leaves no trace in a body, a word that nobody knows stands in its place: the log complains of it only where
the daemon looks at it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import Any, TypeAlias

import anyio
import attrs

from rtpe_ng import Client, Leg
from rtpe_ng.flags import spellings_of
from rtpe_ng.flags.dictionary import as_read, read
from rtpe_ng.flags.spellings import DEADLY, PREFIXES, SYNONYMS
from rtpe_ng.testing import Rtpengine, bodies
from rtpe_ng.versions import MEASURED
from tests.support.engines import REAL, in_root, installed
from tests.support.neutral import neutral
from tests.support.samples import CHOICES, LISTS, OPTIONS, SAMPLES

Dictionary: TypeAlias = dict[str, Any]

_SAVP = {"transport-protocol": "RTP/SAVP"}
_DTLS = {"transport-protocol": "UDP/TLS/RTP/SAVPF"}
_CONTEXT: dict[str, Dictionary] = {
    "SDES": _SAVP,
    "DTLS": _DTLS,
    "DTLS-fingerprint": _DTLS,
    "ICE-lite": {"ICE": "force"},
    "trickle-ICE": {"ICE": "force"},
    "OSRTP": {},
}
"""What must stand beside an option so that a body shows it."""
_SHOWN: Dictionary = {
    "ICE": "force",
    "SDES": ["off"],
    "DTLS": "off",
    "DTLS-fingerprint": "SHA-1",
    "ptime": 30,
    "media-address": "192.0.2.9",
    "codec": {"strip": ["PCMA"]},
    "transport-protocol": "RTP/SAVP",
    "direction": ["priv", "pub"],
    "to-interface": "priv",
    "replace": ["origin"],
    "rtcp-mux": ["offer"],
}
"""Values that a body shows, where the sample of the tests does not."""
_NOBODY = "xyzzy"
_COMPLAINT = re.compile(
    r"\[(spelt-\d+)\]: \[core\] (?:Unknown |SDP manipulations: unsupported|\"record-call\" flag|Invalid content)"
)


def _sample(key: str, option: str) -> Any:
    return _SHOWN.get(key, SAMPLES.get(option))


def _names(word: str) -> Iterator[str]:
    """Yield names that somebody could write for another, whether or not a daemon reads them."""
    for name in (word, word.lower(), word.upper()):
        yield from (name, name.replace("-", " "), name.replace("-", "_"), name.replace("-", " ", 1))


def cases() -> Iterator[Dictionary]:
    """Yield a dictionary for each odd spelling."""
    every = [spellings_of(version) for version in MEASURED]
    for option, key in OPTIONS.items():
        beside = _CONTEXT.get(key.key, {})
        spelt = {name: None for spellings in every for name, meant in spellings.keys.items() if meant == key.key}
        said = {name: None for spellings in every for name, meant in spellings.words.items() if meant[0] == key.key}
        for name in dict.fromkeys((*spelt, *_names(key.key))):
            if not key.listed:
                yield beside | {name: _sample(key.key, option)}
        for word in dict.fromkeys((*said, *(_names(key.key) if key.listed else ()))):
            yield beside | {"flags": [word]}
        if not key.listed:
            yield from (beside | {key.key: value} for value in _forms(key.key, option))
    yield from _behind_prefixes()
    for name, words in SYNONYMS.items():
        listed = name in {OPTIONS[option].key for option in LISTS}
        for word in words:
            yield _CONTEXT.get(name, {}) | {name: [word] if listed else word}
            if listed:
                yield _CONTEXT.get(name, {}) | {name: [word.replace("-", " ")]}
    yield from _more()


def _forms(key: str, option: str) -> Iterator[Any]:
    """Yield a value in other forms: a text for a list or a number, a number for a text, what nobody knows."""
    value = _sample(key, option)
    if isinstance(value, int):
        yield from (str(value), f"+{value}", f"{value}ms", [value], _NOBODY)
    elif option in LISTS:
        yield from (word.replace("-", " ") for word in LISTS[option])
        yield from (",".join(value), " ".join(value), _NOBODY, [_NOBODY, *value], [[*value]], 1)
    elif isinstance(value, dict):
        yield from (
            _NOBODY,
            list(value),
            1,
            {name: ",".join(it) for name, it in value.items() if isinstance(it, list)},
        )
        yield dict.fromkeys(value, 1) | {_NOBODY: ["x"]} if key == "codec" else {}
    elif option in CHOICES:
        yield from (value.upper(), value.lower(), value.capitalize(), [value], _NOBODY, [_NOBODY], 1)
    elif isinstance(value, list):
        yield from (value[:1], [*value, *value], ",".join(map(str, value)), list(map(str, value)), 1)
    elif key not in DEADLY:
        yield from (7, [value])


def _behind_prefixes() -> Iterator[Dictionary]:
    values = {OPTIONS[name].key: words for name, words in LISTS.items()} | {"endpoint-learning": ("off", _NOBODY)}
    for prefix, path in PREFIXES.items():
        words = values.get(path[0], ())
        if path[0] == "codec":
            words = ("PCMA", "opus/48000/2", "PCMA,PCMU")
        if path[0] == "sdp-attr":
            words = ("audio-ptime:20>x", "global-x", "none-x..y--z", "text-x", "audio-two words", "odd-x")
        for word in (*words[:6], _NOBODY):
            beside = _CONTEXT.get(path[0], {})
            yield beside | {"flags": [prefix + word]}
            yield beside | {"flags": [(prefix + word).replace("-", " ")]}
            yield beside | {"flags": [prefix[:-1] + " " + word]}


def _more() -> Iterator[Dictionary]:
    yield from ({"flags": value} for value in ("generate-mid", "generate mid,no-rtcp-attribute", "SDES-off", "x"))
    yield {"flags": ["generate-mid,no-rtcp-attribute"]}
    yield {"flags": ["SDES-off", "generate mid", "codec-strip-PCMU", "rtcp-mux-offer", "replace-origin"], **_SAVP}
    yield from ({"transport-protocol": word} for word in ("rtp/savpf", "Rtp/Avpf", "accept", "RTP/SAVPX"))
    for operation in ("strip", "offer", "except", "transcode", "mask", "set", "accept", "consume", "ignore"):
        for names in ("G722", ["G722"], "PCMA,G722", "PCMA G722", ["G722", 7]):
            yield {"codec": {operation: names}}
    for changes in (
        {"add": "x,y"},
        {"remove": "ptime:20"},
        {"substitute": "ptime:20>x"},
        {"substitute": [["a", "b"]]},
    ):
        yield from ({"sdp-attr": {section: changes}} for section in ("audio", "none", "global", "text", "session"))
    yield {"transport protocol": "RTP/SAVP", "transport-protocol": "RTP/AVPF"}
    yield {"SDES": ["pad"], "sdes": ["no-AES_CM_128_HMAC_SHA1_80"], **_SAVP}
    yield {"SDES": ["no AES_CM_128_HMAC_SHA1_80"], **_SAVP}


@attrs.frozen(kw_only=True)
class Difference:
    """A dictionary that a daemon reads otherwise than the table says."""

    version: str
    dictionary: Dictionary
    why: str

    def __str__(self) -> str:
        return f"{self.version}: {self.dictionary}: {self.why}"


def _complains(dictionary: Dictionary, version: str) -> bool | None:
    """Return whether the log is to complain: None where a daemon may ignore something in silence."""
    entries = list(read(dictionary, version))
    if any(entry.lost for entry in entries):
        return None
    # A word that no version knows is lost too, though the table has nothing to say about it.
    return any(not entry.key for entry in entries)


async def differences(daemon: Rtpengine, dictionaries: list[Dictionary]) -> list[Difference]:
    """Return which of these dictionaries a daemon reads otherwise than the table says."""
    seen, version = len(daemon.log), daemon.version
    found: list[Difference] = []
    async with Client(daemon.url, timeout=20) as client:

        async def ask(call_id: str, dictionary: Dictionary) -> str:
            given = {"command": "offer", "sdp": bodies.offer(Leg.SIP), "call-id": call_id, "from-tag": "a"}
            reply = await client.request(given | {"received-from": ["IP4", "127.0.0.1"]} | dictionary)
            await client.request({"command": "delete", "call-id": call_id, "from-tag": "a", "delete-delay": 0})
            return neutral(str(reply["sdp"])) if "sdp" in reply else str(reply)

        known: dict[str, str] = {}
        for number, dictionary in enumerate(dictionaries):
            # The client sorts the keys.
            meant = as_read(dict(sorted(dictionary.items())), version)
            raw = await ask(f"spelt-{number}", dictionary)
            if (plain := known.get(repr(meant))) is None:
                plain = known[repr(meant)] = await ask(f"plain-{number}", meant)
            if raw != plain:
                found.append(Difference(version=version, dictionary=dictionary, why=_changed(raw, plain)))
        await ask("spelt-99999", {_NOBODY: 1})
    with anyio.fail_after(20):
        while "[spelt-99999]: [core] Unknown" not in daemon.log[seen:]:  # noqa: ASYNC110
            await anyio.sleep(0.02)
    complained = set(_COMPLAINT.findall(daemon.log[seen:]))
    for number, dictionary in enumerate(dictionaries):
        expected = _complains(dictionary, version)
        if expected is not None and expected != (f"spelt-{number}" in complained):
            why = "the log is silent" if expected else "the log complains"
            found.append(Difference(version=version, dictionary=dictionary, why=why))
    return found


def _changed(raw: str, plain: str) -> str:
    ours, theirs = set(plain.splitlines()), set(raw.splitlines())
    return f"it says {sorted(theirs - ours)}, and to the plain spelling {sorted(ours - theirs)}"


def main() -> int:
    """Print each difference, and how many spellings were tried; return 1 if there is a difference."""
    failed, dictionaries = 0, list(cases())
    for parameter in REAL:
        (root,) = parameter.values
        for daemon in installed() if root is None else in_root(root):  # type: ignore[arg-type]
            found = anyio.run(differences, daemon, dictionaries)
            for difference in found:
                print(difference)
            print(
                f"{daemon.version}: {len(dictionaries)} spellings, {len(found)} read otherwise than the table says"
            )
            failed += len(found)
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
