"""What a request says about the SDP: the options of an offer or answer, by what they mean.

An option may be a key of the request or a word in its list ``flags``, and one word, such as ``webrtc``, may stand
for several options. `Options` holds what is meant, so that nothing that rewrites a body looks at spellings. The
tables here say what each value means; which keys and words there are, and since when, is known to `names`.
"""

import ipaddress
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Self, TypeGuard

import attrs

from ..resources import Resources
from ..versions import OPTIONS, Behaviour
from .names import heard, number, text_in, words_in

__all__ = ["SESSION", "AttributeChanges", "CodecOptions", "Context", "Options"]

# What an offer or answer says about attributes.

SESSION = ""
"""Stands for the session among the kinds of sections whose attributes are changed."""


@attrs.frozen(kw_only=True)
class AttributeChanges:
    """Changes to the attributes of one kind of section, or of the session."""

    added: tuple[str, ...] = ()
    """Attributes to add at the end, each without its ``a=``."""
    removed: frozenset[str] = frozenset()
    """Attributes to remove, in lower case: by name, by name and first number, or as a whole."""
    substituted: Mapping[str, str] = attrs.field(factory=dict, hash=False)
    """Attributes to replace, named in the same way, and what stands in their place."""

    @classmethod
    def from_ng(cls, commands: Any) -> Self:
        """Read the commands for a section; unknown ones are ignored."""
        given = commands if isinstance(commands, Mapping) else {}
        pairs = (_pair(item) for item in _items(given.get("substitute")))
        added, removed = (
            [_unescaped(item) for item in _items(given.get(command)) if isinstance(item, str)]
            for command in ("add", "remove")
        )
        return cls(
            added=tuple(added),
            removed=frozenset(text.lower() for text in removed),
            substituted={pair[0].lower(): pair[1] for pair in pairs if pair},
        )


def _attribute_changes(value: Any) -> dict[str, AttributeChanges]:
    """Return the changes that ``sdp-attr`` asks for, by the kinds of sections."""
    return {
        SESSION if section == "none" else section: AttributeChanges.from_ng(changes)
        for section, changes in _items_of(value)
    }


def _items(value: Any) -> list[Any]:
    return [value] if isinstance(value, str) else value if isinstance(value, list) else []


def _unescaped(text: str) -> str:
    """Return the text that a word stands for: some proxies cannot write ``=`` and spaces in a word."""
    return text.replace("--", "=").replace("..", " ")


def _pair(item: Any) -> tuple[str, str] | None:
    if isinstance(item, str):
        old, sign, new = _unescaped(item).partition(">")
        return (old, new) if sign else None
    if isinstance(item, list) and len(item) > 1 and all(isinstance(text, str) and text for text in item[:2]):
        return _unescaped(item[0]), _unescaped(item[1])
    return None


# What an offer or answer says about codecs.


@attrs.frozen(kw_only=True)
class CodecOptions:
    """The operations of ``codec``, each with names of codecs, and the words of ``flags`` about codecs."""

    strip: tuple[str, ...] = ()
    offer: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    """What ``except`` names."""
    ignore: tuple[str, ...] = ()
    accept: tuple[str, ...] = ()
    consume: tuple[str, ...] = ()
    mask: tuple[str, ...] = ()
    transcode: tuple[str, ...] = ()
    reuse: bool = False
    """``reuse codecs``: the former list remains, as far as its codecs are still sent."""
    single: bool = False
    """``single codec``: an answer has one codec."""
    static: bool = False
    """``static codecs``: the former list of the answerer remains."""
    asymmetric: bool = False
    """``allow asymmetric codecs``: each side has its own payload types."""
    may_be_empty: bool = False
    """``allow no codec media``: all codecs may be stripped."""
    forced: bool = False
    """``force transcoding``."""

    @classmethod
    def of(cls, operations: Mapping[str, Sequence[str]], words: Collection[str]) -> Self:
        """Return what the operations of ``codec`` and the words of ``flags`` say."""
        named = {name: tuple(map(_unescaped, operations.get(name, ()))) for name in _OPERATIONS}
        if "always-transcode" in words:
            named["accept"] = (*named["accept"], "all")
        switches = {name: OPTIONS[option].key in words for name, option in _SWITCHES.items()}
        return cls(**named, kept=tuple(operations.get("except", ())), **switches)  # type: ignore[arg-type]


_OPERATIONS = ("strip", "offer", "ignore", "accept", "consume", "mask", "transcode")
_SWITCHES = {
    "reuse": "reuse_codecs",
    "single": "single_codec",
    "static": "static_codecs",
    "asymmetric": "allow_asymmetric_codecs",
    "may_be_empty": "allow_no_codec_media",
    "forced": "force_transcoding",
}


# What else an offer or answer says: each word that is read, and what it means.

_REPLACES = {
    "origin": "origin",
    "session-connection": "connection",
    "session-name": "name",
    "username": "username",
    "SDP-version": "version",
    "force-increment-sdp-ver": "increment",
    "origin-full": "all",
    "zero-address": "zero-address",
}
_OFF = frozenset({"no", "off", "disable"})
_OSRTP = {
    "offer": ("offer",),
    "offer-RFC": ("offer",),
    "offer-legacy": ("offer-legacy",),
    "accept": ("accept", "accept-legacy"),
    "accept-RFC": ("accept",),
    "accept-legacy": ("accept-legacy",),
}
_OLD_OSRTP = {"offer": ("offer",), "accept": ("accept",)}
_TEXTS = (
    *("ice", "ice_lite", "dtls", "dtls_reverse", "dtls_fingerprint"),
    *("transport_protocol", "address_family", "media_address", "label", "passthrough", "interface"),
)
"""The options whose value is one text."""
_LISTS = ("sdes", "rtcp_mux", "replace", "osrtp", "bundle")
"""The options whose value is a list of words."""
_PASSTHROUGH = {"on": {"passthrough"}, "off": {"no-passthrough"}}
"""The words that say whether media may bypass the engine."""


@attrs.frozen(kw_only=True)
class Options:
    """The options of one message, by what they mean."""

    words: frozenset[str] = frozenset()
    """The words of ``flags``, by their names in the key table."""
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
    """``accept``, ``offer``, ``require``, ``strict``, ``reject``; ``require`` implies ``offer``."""
    replace: frozenset[str] = frozenset()
    """What to replace in the session: ``origin``, ``connection``, ``name``, ``username``, ``version`` ..."""
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
    """The address to write in the place of the engine's own; empty where none is given, or the unspecified one."""
    label: str = ""
    """A name for the sender."""
    interfaces: tuple[str, ...] = ()
    """The logical interfaces toward the sender and the receiver."""
    interface: str = ""
    """The logical interface toward the one party that there is."""
    received_from: tuple[str, str] | None = None
    """The family and the address that the message came from."""
    ptime: int = 0
    """The packet time toward the receiver, in milliseconds; 0 leaves it alone."""
    ptime_reverse: int = 0
    """The packet time toward the sender, in milliseconds; 0 leaves it alone."""
    attributes: Mapping[str, AttributeChanges] = attrs.field(factory=dict, hash=False)
    """Changes to the attributes of the session (``""``) and of each kind of section."""
    stripped_extensions: frozenset[str] = frozenset()
    """The RTP header extensions to hide from the receiver; ``all`` stands for all."""
    masked_extensions: frozenset[str] = frozenset()
    """The extensions that an offer hides, while the engine accepts them from the sender."""
    codecs: CodecOptions = CodecOptions()
    """What to do with codecs."""

    @classmethod
    def from_ng(cls, document: Mapping[str, Any], behaviour: Behaviour) -> Self:
        """Read the document of a request as a daemon of this behaviour does."""
        given = heard(document, behaviour)
        lists = {option: words_in(given.get(OPTIONS[option].key), behaviour) for option in _LISTS}
        operations = {name: words_in(words, behaviour) for name, words in _items_of(given.get("codec"))}
        words = set(words_in(given.get("flags"), behaviour))
        texts = {option: text_in(given, OPTIONS[option].key) or "" for option in _TEXTS}
        if OPTIONS["webrtc"].key in words:
            words |= {"trickle-ICE", "no-rtcp-attribute", "generate-mid"}
            lists["rtcp_mux"] += ["offer", "require"]
            lists["sdes"].append("off")
            lists["bundle"].append("require")
            texts |= {"transport_protocol": "UDP/TLS/RTP/SAVPF", "ice": "force"}
        bundle = _with_implied(lists["bundle"]) if behaviour.bundles_sections else frozenset()
        words |= {"generate-mid"} if "offer" in bundle else set()
        words |= _PASSTHROUGH.get(texts["passthrough"], set())
        known_osrtp = _OSRTP if behaviour.tells_kinds_of_osrtp else _OLD_OSRTP
        extensions = {name: frozenset(words_in(uris, behaviour)) for name, uris in _items_of(given.get("extmap"))}
        stripped = {"all"} if "strip-extmap" in words else set[str]()
        received = given.get("received-from")
        return cls(
            words=frozenset(words),
            ice=texts["ice"] or "default",
            ice_lite=texts["ice_lite"],
            mux=frozenset(lists["rtcp_mux"]) | ({"offer"} if "require" in lists["rtcp_mux"] else set()),
            sdes=tuple(lists["sdes"]),
            osrtp=frozenset(kind for word in lists["osrtp"] for kind in known_osrtp.get(word, ())),
            bundle=bundle,
            replace=frozenset(_REPLACES[word] for word in lists["replace"] if word in _REPLACES),
            dtls="off" if texts["dtls"] in _OFF else texts["dtls"],
            dtls_reverse=texts["dtls_reverse"],
            dtls_fingerprint=texts["dtls_fingerprint"],
            protocol=texts["transport_protocol"],
            family=texts["address_family"],
            media_address=_address(texts["media_address"]),
            label=texts["label"],
            interfaces=_interfaces(given),
            interface=texts["interface"],
            received_from=(received[0], received[1]) if _is_pair(received) else None,
            ptime=number(given.get("ptime"), 0),
            ptime_reverse=number(given.get("ptime-reverse"), 0),
            attributes=_attribute_changes(given.get("sdp-attr")),
            stripped_extensions=extensions.get("strip", frozenset()) | stripped,
            masked_extensions=extensions.get("mask", frozenset()),
            codecs=CodecOptions.of(operations, words),
        )

    @property
    def trusts_address(self) -> bool:
        """Whether to believe the addresses in the body, not the one that the message came from."""
        return "SIP-source-address" not in self.words

    @property
    def relays(self) -> bool:
        """Whether the engine only adds itself as a relay and leaves the body alone: ``ICE=force-relay``."""
        return self.ice == "force-relay"

    @property
    def sdes_off(self) -> bool:
        """Whether SDES must not be offered."""
        return bool(_OFF & set(self.sdes))

    def offers_suite(self, suite: str) -> bool:
        """Tell whether a crypto suite may be offered."""
        only = {word[5:] for word in self.sdes if word.startswith("only-")}
        never = {word[3:] for word in self.sdes if word.startswith("no-")}
        return suite in only if only else suite not in never


def _with_implied(bundle: list[str]) -> frozenset[str]:
    """Return the words of ``bundle`` with those that they imply."""
    words = frozenset(bundle)
    words |= {"require"} if "strict" in words else set()
    return words | ({"offer"} if "require" in words else set())


def _items_of(value: Any) -> Iterable[tuple[str, Any]]:
    return value.items() if isinstance(value, Mapping) else ()


def _interfaces(given: Mapping[str, Any]) -> tuple[str, ...]:
    names: list[str] = given.get("direction", [])
    options = ("from_interface", "to_interface")
    each = [text_in(given, OPTIONS[option].key) for option in options]
    return (
        tuple(own or other for own, other in zip(each, [*names, "", ""], strict=False))
        if any(each)
        else tuple(names)
    )


def _address(text: str) -> str:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return ""
    return "" if address.is_unspecified else str(address)


def _is_pair(value: Any) -> TypeGuard[list[str]]:
    return isinstance(value, list) and len(value) == 2 and all(isinstance(item, str) for item in value)


# What a message is handled with.


@attrs.frozen(kw_only=True)
class Context:
    """What nearly every step from a request to its reply needs; no step changes it.

    What steps do change, the parties and their sections, is passed beside it.
    """

    options: Options
    """The options of the message."""
    resources: Resources
    """The ports, addresses, names and keys that the engine gives out."""
    behaviour: Behaviour
    """How the simulated version differs from others."""

    @classmethod
    def of(cls, request: Mapping[str, Any], resources: Resources, behaviour: Behaviour) -> Self:
        """Return the context of a request, with the options that the version reads in it."""
        return cls(options=Options.from_ng(request, behaviour), resources=resources, behaviour=behaviour)
