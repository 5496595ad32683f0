"""A request, read as the daemon reads it: who it is about, and what it asks for."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from typing import Any, Self

import attrs

from ..wire import Document, Value
from .versions import Behaviour

__all__ = ["SESSION", "AttributeChanges", "Identity", "Options", "PartyNames", "attribute_changes", "words_in"]

SESSION = ""
"""Stands for the session among the kinds of sections whose attributes are changed."""
_WORD = "sdp-attr-"


@attrs.frozen(kw_only=True)
class AttributeChanges:
    """What is done to the attributes of one kind of section, or of the session."""

    added: tuple[str, ...] = ()
    """What stands behind ``a=`` of lines that are added at the end."""
    removed: frozenset[str] = frozenset()
    """Attributes that are left out: the name, the name and the number behind it, or the whole, in lower case."""
    substituted: Mapping[str, str] = attrs.field(factory=dict, hash=False)
    """By such attributes, what stands in their place."""

    @classmethod
    def from_ng(cls, commands: Any) -> Self:
        """Read what the commands of a section say; what is not known says nothing."""
        said = commands if isinstance(commands, Mapping) else {}
        pairs = (_pair(item) for item in _items(said.get("substitute")))
        return cls(
            added=tuple(_plain(item) for item in _items(said.get("add")) if isinstance(item, str)),
            removed=frozenset(_plain(item).lower() for item in _items(said.get("remove")) if isinstance(item, str)),
            substituted={pair[0].lower(): pair[1] for pair in pairs if pair},
        )


def attribute_changes(value: Any, words: list[str], behaviour: Behaviour) -> dict[str, AttributeChanges]:
    """Return what ``sdp-attr`` says, by the kinds of sections: its `value`, and `words` of the list ``flags``."""
    if not behaviour.kinds_of_sections:
        return {}
    said: dict[str, dict[str, list[Any]]] = {}
    for section, commands in value.items() if isinstance(value, Mapping) else ():
        for command, items in commands.items() if isinstance(commands, Mapping) else ():
            said.setdefault(section, {}).setdefault(command, []).extend(_items(items))
    for word in words:
        if word.startswith(_WORD):
            command, _, rest = word.removeprefix(_WORD).partition("-")
            section, _, item = rest.partition("-")
            said.setdefault(section, {}).setdefault(command, []).append(item)
    known = {"none": SESSION, "global": SESSION} | {kind: kind for kind in behaviour.kinds_of_sections}
    return {known[name]: AttributeChanges.from_ng(commands) for name, commands in said.items() if name in known}


def _items(value: Any) -> list[Any]:
    return [value] if isinstance(value, str) else value if isinstance(value, list) else []


def _plain(text: str) -> str:
    """Return the text without the signs that stand for what a list of words cannot have."""
    return text.replace("--", "=").replace("..", " ")


def _pair(item: Any) -> tuple[str, str] | None:
    if isinstance(item, str):
        old, sign, new = _plain(item).partition(">")
        return (old, new) if sign else None
    if isinstance(item, list) and len(item) > 1 and all(isinstance(it, str) and it for it in item[:2]):
        return _plain(item[0]), _plain(item[1])
    return None


_REPLACES = {
    "origin": "origin",
    "session-connection": "connection",
    "session-name": "name",
    "username": "username",
    "SDP-version": "version",
    "sdp-version": "version",
    "force-increment-sdp-ver": "increment",
    "origin-full": "all",
    "zero-address": "zero-address",
}
_ICE = {
    "remove": "remove",
    "force": "force",
    "default": "default",
    "optional": "optional",
    "force-relay": "force-relay",
    "force_relay": "force-relay",
}
_LITE = {
    **dict.fromkeys(("off", "none", "no"), "off"),
    **dict.fromkeys(("forward", "offer", "fwd", "fw"), "forward"),
    **dict.fromkeys(("backward", "backwards", "reverse", "answer", "back", "bkw", "bk"), "backward"),
    "both": "both",
}
_OFF = frozenset({"no", "off", "disabled", "disable"})
_TEXTS = {
    "ice": ("ICE",),
    "dtls": ("DTLS",),
    "dtls_reverse": ("DTLS-reverse",),
    "dtls_fingerprint": ("DTLS-fingerprint",),
    "ice_lite": ("ICE-lite",),
    "protocol": ("transport-protocol",),
    "family": ("address-family",),
    "media_address": ("media-address",),
    "label": ("label", "from-label"),
}
_WITH_SPACES = frozenset(
    (
        *("transport protocol", "address family", "media address", "received from", "ptime reverse", "ICE lite"),
        *("DTLS reverse", "dtls reverse", "DTLS fingerprint", "dtls fingerprint", "ice lite"),
    )
)
"""The keys that may be written with spaces."""
_OSRTP = {
    **dict.fromkeys(("offer", "offer-rfc", "offer-RFC"), ("offer",)),
    "offer-legacy": ("offer-legacy",),
    "accept": ("accept", "accept-legacy"),
    **dict.fromkeys(("accept-rfc", "accept-RFC"), ("accept",)),
    "accept-legacy": ("accept-legacy",),
}
_OLD_OSRTP = {"offer": ("offer",), "accept": ("accept",)}
_PREFIXED = {"SDES-": "sdes", "rtcp-mux-": "mux", "replace-": "replace", "OSRTP-": "osrtp", "BUNDLE-": "bundle"}


@attrs.frozen(kw_only=True)
class Options:
    """The options of one message, by what they mean and not by how they were spelt."""

    words: frozenset[str] = frozenset()
    """The members of the list ``flags``, with hyphens."""
    ice: str = "default"
    """``default``, ``remove``, ``force``, ``optional`` or ``force-relay``."""
    ice_lite: str = ""
    """``off``, ``forward``, ``backward``, ``both``, or nothing."""
    mux: frozenset[str] = frozenset()
    """``offer``, ``require``, ``demux``, ``accept``, ``reject``."""
    sdes: tuple[str, ...] = ()
    """The words of ``SDES``."""
    osrtp: frozenset[str] = frozenset()
    """``offer``, ``accept``, and with sections in pairs ``offer-legacy`` and ``accept-legacy``."""
    bundle: frozenset[str] = frozenset()
    """``accept``, ``offer``, ``require``, ``strict``, ``reject``; who requires it offers it."""
    replace: frozenset[str] = frozenset()
    """What of the session is replaced: ``origin``, ``connection``, ``name``, ``username``, ``version`` ..."""
    dtls: str = ""
    """``passive``, ``off``, or nothing."""
    dtls_reverse: str = ""
    """``passive``, or nothing."""
    dtls_fingerprint: str = ""
    """The hash function for the fingerprint of an offer."""
    protocol: str = ""
    """The transport protocol toward the receiver."""
    family: str = ""
    """``IP4`` or ``IP6`` toward the receiver, or nothing."""
    media_address: str = ""
    """The address that is put in the place of the engine's own; empty where it is none, or says nowhere."""
    label: str = ""
    """A name for the sender."""
    interfaces: tuple[str, ...] = ()
    """The logical interfaces toward the sender and the receiver."""
    received_from: tuple[str, str] | None = None
    """The family and the address where the message came from."""
    ptime: int = 0
    """The packet time toward the receiver, in milliseconds; 0 leaves it alone."""
    ptime_reverse: int = 0
    """The packet time toward the sender, in milliseconds; 0 leaves it alone."""
    attributes: Mapping[str, AttributeChanges] = attrs.field(factory=dict, hash=False)
    """What is done to the attributes of the session (``""``) and of each kind of section."""
    stripped_extensions: frozenset[str] = frozenset()
    """The RTP header extensions that the receiver is not told of; ``all`` stands for all."""
    masked_extensions: frozenset[str] = frozenset()
    """Those of which an offer does not tell either, though the engine takes them."""
    codec: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict, hash=False)
    """The operations on codecs, each with its names."""

    @classmethod
    def from_ng(cls, document: Mapping[str, Any], behaviour: Behaviour) -> Self:
        """Read the document of a request as a daemon of this behaviour does: some words came later than others.

        Raises nothing: what has the wrong type or is not known is as if it was not there.
        """
        keyed = {_hyphens(key) if key in _WITH_SPACES else key: value for key, value in document.items()}
        lists: dict[str, list[str]] = {
            "sdes": _listed(keyed, "SDES"),
            "mux": _listed(document, "rtcp-mux"),
            "replace": _listed(keyed, "replace"),
            "osrtp": _listed(keyed, "OSRTP"),
            "bundle": _comma_separated(document, "BUNDLE"),
        }
        codec = _codec(keyed.get("codec"))
        words = set()
        listed = _listed(keyed, "flags")
        if not behaviour.keeps_spaces_in_words:
            listed = [_hyphens(word) for word in listed]
        for word in map(_hyphens, listed):
            if not _is_prefixed(word, lists) and not _is_codec(word, codec):
                words.add(word)
        texts = {name: _first(keyed, keys) for name, keys in _TEXTS.items()}
        if words & {"webrtc", "webRTC", "WebRTC", "WebRtc"} and behaviour.knows_webrtc:
            words |= {"trickle-ICE", "no-rtcp-attribute", "generate-mid"}
            lists["mux"] += ["offer", "require"]
            lists["sdes"].append("off")
            lists["bundle"].append("require")
            texts |= {"protocol": "UDP/TLS/RTP/SAVPF", "ice": "force"}
        bundle = _with_implied(lists["bundle"]) if behaviour.bundles_sections else frozenset()
        words |= {"generate-mid"} if "offer" in bundle else set()
        replaces = {_REPLACES[word] for word in map(_hyphens, lists["replace"]) if word in _REPLACES}
        replaces -= behaviour.unknown_replacements
        lists["sdes"] = [word for word in lists["sdes"] if not word.startswith(behaviour.unknown_sdes_words)]
        if not behaviour.knows_no_tls_id:
            words.discard("no-tls-id")
        known_osrtp = _OSRTP if behaviour.tells_kinds_of_osrtp else _OLD_OSRTP
        received = keyed.get("received-from")
        return cls(
            words=frozenset(words),
            ice=_ICE.get(_hyphens(texts["ice"]), "default"),
            ice_lite=_LITE.get(texts["ice_lite"], ""),
            mux=frozenset(lists["mux"]) | ({"offer"} if "require" in lists["mux"] else set()),
            sdes=tuple(lists["sdes"]),
            osrtp=frozenset(it for word in lists["osrtp"] for it in known_osrtp.get(word, ())),
            bundle=bundle,
            replace=frozenset(replaces),
            dtls="off" if texts["dtls"] in _OFF else texts["dtls"],
            dtls_reverse=texts["dtls_reverse"],
            dtls_fingerprint=texts["dtls_fingerprint"],
            protocol=texts["protocol"],
            family=texts["family"] if texts["family"] in ("IP4", "IP6") else "",
            media_address=_address(texts["media_address"]),
            label=texts["label"],
            interfaces=_interfaces(keyed, behaviour),
            received_from=tuple(received) if _is_pair(received) else None,  # type: ignore[arg-type]
            ptime=_number(keyed.get("ptime")),
            ptime_reverse=_number(keyed.get("ptime-reverse")),
            attributes=attribute_changes(keyed.get("sdp-attr"), listed, behaviour),
            stripped_extensions=_extensions(keyed, "strip", behaviour)
            | ({"all"} if "strip-extmap" in words else set()),
            masked_extensions=_extensions(keyed, "mask", behaviour),
            codec={name: tuple(names) for name, names in codec.items()},
        )

    @property
    def trusts_address(self) -> bool:
        """Whether the addresses in the body hold, and not where the message came from."""
        return not self.words & {"SIP-source-address", "sip-source-address"}

    @property
    def relays(self) -> bool:
        """Whether the engine is told of as a relay alone, and all else of the body stays: ``ICE=force-relay``."""
        return self.ice == "force-relay"

    @property
    def sdes_off(self) -> bool:
        """Whether no SDES is offered."""
        return bool(_OFF & set(self.sdes))

    def offers_suite(self, suite: str) -> bool:
        """Tell whether a crypto suite may be offered."""
        only = {word[5:] for word in self.sdes if word.startswith("only-")}
        never = {word[3:] for word in self.sdes if word.startswith("no-")}
        return suite in only if only else suite not in never


def _with_implied(bundle: list[str]) -> frozenset[str]:
    """Return the words of ``bundle`` with those that they stand for too."""
    said = frozenset(bundle)
    said |= {"require"} if "strict" in said else set()
    return said | ({"offer"} if "require" in said else set())


def _hyphens(word: str) -> str:
    return word.replace(" ", "-")


def _listed(document: Mapping[str, Any], key: str) -> list[str]:
    value = document.get(key, document.get(key.lower(), ()))
    if isinstance(value, str):
        return value.split()
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _comma_separated(document: Mapping[str, Any], key: str) -> list[str]:
    value = document.get(key, document.get(key.lower(), ()))
    return value.split(",") if isinstance(value, str) else _listed(document, key)


def _first(document: Mapping[str, Any], keys: Iterable[str]) -> str:
    found = (document.get(name) for key in keys for name in (key, key.lower()))
    return next((value for value in found if isinstance(value, str)), "")


def _number(value: Any) -> int:
    return int(value) if isinstance(value, int) or (isinstance(value, str) and value.isdecimal()) else 0


def _extensions(document: Mapping[str, Any], command: str, behaviour: Behaviour) -> frozenset[str]:
    said = document.get("extmap") if behaviour.hides_single_extensions else None
    return frozenset(_listed(said, command)) if isinstance(said, Mapping) else frozenset()


def _interfaces(document: Mapping[str, Any], behaviour: Behaviour) -> tuple[str, ...]:
    names = _listed(document, "direction")
    said = [_first(document, (key,)) for key in ("from-interface", "to-interface")]
    if not behaviour.knows_interfaces_by_name or not any(said):
        return tuple(names)
    return tuple(own or other for own, other in zip(said, [*names, "", ""], strict=False))


def _address(text: str) -> str:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return ""
    return "" if address.is_unspecified else str(address)


def _is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(isinstance(item, str) for item in value)


def _is_prefixed(word: str, lists: dict[str, list[str]]) -> bool:
    for prefix, name in _PREFIXED.items():
        if word.startswith(prefix):
            lists[name].append(word.removeprefix(prefix))
            return True
    return False


def _codec(value: Any) -> dict[str, list[str]]:
    if not isinstance(value, Mapping):
        return {}
    return {name: _listed(value, name) for name in value}


def _is_codec(word: str, codec: dict[str, list[str]]) -> bool:
    if word.startswith("codec-"):
        operation, _, name = word.removeprefix("codec-").partition("-")
    elif word.startswith("transcode-"):
        operation, name = "transcode", word.removeprefix("transcode-")
    else:
        return False
    codec.setdefault(operation, []).append(name)
    return True


# Under which keys the newer versions look for a name; the last one in the document counts.
_KEYS = {
    "body": ("sdp", "SDP"),
    "call_id": ("call-id", "call-ID", "call id", "call ID"),
    "from_tag": ("from-tag",),
    "to_tag": ("to-tag", "to_tag", "to tag"),
    "via_branch": ("via-branch",),
    "label": ("label", "from-label"),
    "metadata": ("metadata",),
}


@attrs.frozen(kw_only=True)
class PartyNames:
    """The parties that an offer or answer names."""

    sender: str
    """The tag of who sent it."""
    receiver: str | None = None
    """The tag of who is to receive it; None in an offer that begins a dialogue."""
    via_branch: str | None = None
    """The branch of the callee, in an offer or answer of its."""
    is_answer: bool = False
    """It is an answer."""
    is_new_branch: bool = False
    """The flag ``new-branch``: an answer under another tag is of another party."""
    is_provisional: bool = False
    """The flag ``provisional``: an answer may be under another tag, even after a final one."""


@attrs.frozen(kw_only=True, repr=False)
class Identity:
    """What an offer, answer or delete is about, None where nothing is said."""

    body: str | None
    """The SDP."""
    call_id: str | None
    """Which call."""
    from_tag: str | None
    """The tag of the party that offered."""
    to_tag: str | None
    """The tag of the party that answers."""
    via_branch: str | None
    """The branch of the callee."""
    label: str | None
    """The name that the sender is to have from now on."""
    metadata: str | None
    """What is said of the sender, and of the call."""
    flags: frozenset[str]
    """The members of ``flags``."""
    supports_load_limit: bool
    """The reply may be ``load limit``."""
    is_final: bool
    """It is said to be of a final response."""

    @classmethod
    def from_ng(cls, request: Document, behaviour: Behaviour) -> Self:
        """Read a request as the daemon reads it."""
        given: dict[str, str | None] = {}
        for name, keys in _KEYS.items():
            known = keys if behaviour.reads_other_spellings else keys[:1]
            values = [value for key, value in request.items() if key in known]
            given[name] = values[-1] if values and isinstance(values[-1], str) else None
        return cls(
            **given,
            flags=frozenset(words_in(request.get("flags"), behaviour)),
            supports_load_limit="load limit" in words_in(request.get("supports"), behaviour),
            is_final=_is_final(request),
        )

    @property
    def missing(self) -> str | None:
        """What an offer needs and this has not."""
        needed = {"SDP body": self.body, "call-id": self.call_id, "from-tag": self.from_tag}
        return next((name for name, value in needed.items() if value is None), None)

    def offer(self) -> PartyNames:
        """Return the parties of an offer."""
        return PartyNames(sender=self.from_tag or "", receiver=self.to_tag, via_branch=self.via_branch)

    def answer(self) -> PartyNames:
        """Return the parties of an answer, which the party with the ``to-tag`` sends."""
        return PartyNames(
            sender=self.to_tag or "",
            receiver=self.from_tag,
            via_branch=self.via_branch,
            is_answer=True,
            is_new_branch=bool(self.flags & {"new-branch", "new branch"}),
            is_provisional="provisional" in self.flags,
        )


def words_in(value: Value | None, behaviour: Behaviour) -> list[str]:
    """Return the words of a list, which may stand as a text with commas where the version reads that."""
    if isinstance(value, str) and behaviour.reads_other_spellings:
        return value.split(",")
    return [word for word in value if isinstance(word, str)] if isinstance(value, list) else []


def _is_final(request: Document) -> bool:
    said = {key.lower().replace("_", "-"): value for key, value in request.items()}
    kind, code = said.get("sip-message-type"), said.get("sip-code", said.get("sip-response-code"))
    if isinstance(code, str):
        code = int(code) if code.isascii() and code.isdecimal() and len(code) < 10 else 0
    is_reply = isinstance(kind, str) and kind.lower().replace("_", "-") in ("reply", "sip-response", "sip-reply")
    return is_reply and isinstance(code, int) and code >= 200
