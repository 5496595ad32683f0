"""`Grammar`: the rules by which a version of the daemon reads a description, one sentence for each.

The versions were measured: 10.5.3.5, 12.5.1.31 and 26.0.1.26. A version in between is taken for the newest measured
one that is not newer.
"""

import attrs

from ...versions import version_of

__all__ = ["DIRECTIONS", "GRAMMARS", "ICE", "Grammar", "grammar_of"]

DIRECTIONS = frozenset({"sendrecv", "sendonly", "recvonly", "inactive"})
"""The attributes that say in which directions media flows."""
ICE = frozenset(
    {"ice-ufrag", "ice-pwd", "ice-options", "ice-lite", "ice-mismatch", "remote-candidates", "candidate"}
)
"""The attributes of ICE."""
_T38 = (
    *("T38FaxVersion", "T38FaxUdpEC", "T38FaxUdpECDepth", "T38FaxUdpFECMaxSpan", "T38FaxMaxDatagram"),
    *("T38FaxMaxIFP", "T38FaxFillBitRemoval", "T38FaxTranscodingMMR", "T38FaxTranscodingJBIG"),
    "T38FaxRateManagement",
)
_ALWAYS = frozenset(
    (
        *DIRECTIONS,
        *ICE,
        *("mid", "rtcp", "fmtp", "group", "setup", "ptime", "crypto", "extmap", "rtpmap", "rtcp-mux", "rtpengine"),
        *("fingerprint", "end-of-candidates", "rtcp-fb"),
        *_T38,
    )
)


@attrs.frozen(kw_only=True)
class Grammar:
    """How one version of the daemon reads a description, as far as the versions differ."""

    version: str
    """The version, such as ``10.5``."""
    above_only: frozenset[str]
    """The types of lines that it refuses below an ``m=`` line."""
    attributes: frozenset[str]
    """The names of the attributes that it acts on; it passes all others on."""
    above_too: frozenset[str]
    """The attributes that it also looks for above the first ``m=``, where the section has none."""
    patches: bool
    """It writes its own values into the body that came, from top to bottom; else it composes a new body."""
    patches_every_connection: bool
    """It replaces the ``c=`` line of the session even if every section has one."""
    passes_unknown: bool
    """It leaves attributes that it does not know where they stand; else it moves them to the end of the section."""
    passes_foreign: bool
    """In a section with a protocol that it does not know, it leaves keys and RTCP attributes as they are."""
    needs_an_origin: bool
    """Without an ``o=`` line its own is malformed, at least where it replaces the address in it."""
    needs_a_usable_section: bool
    """It refuses a body in which every section is rejected."""
    reads_rejected: bool
    """The payload types of a rejected section must be valid."""
    guesses_family: bool
    """A ``c=`` line may have an empty word for the type of the address."""
    keeps_nothing: bool
    """Of an empty body it says ``ok``, and sends none back; else it refuses it."""
    drops_unreadable_keys: bool
    """An ``a=crypto`` or ``a=rtcp`` line that it cannot read stays where it is; else it is taken out."""
    wants_bare_numbers: bool
    """In attributes with a number, such as ``a=ptime``, nothing may follow it within its word."""
    checks_extensions: bool
    """It takes the numbers 1 to 14 and 16 to 255 for ``a=extmap`` only, and no direction behind them."""
    knows_feedback_for_all: bool
    """It reads ``a=rtcp-fb:*``; else it looks for the star at a wrong place, and leaves the line as it is."""
    composes_bandwidths: bool
    """It reads the numbers of ``b=`` lines and writes them itself."""

    def knows(self, name: str) -> bool:
        """Return whether it acts on attributes of this name, spelt exactly so."""
        return name in self.attributes


_ABOVE = frozenset(
    (
        *("ice-ufrag", "ice-pwd", "setup", "fingerprint", "tls-id", "end-of-candidates", "group", "rtpengine"),
        *("ice-mismatch", "remote-candidates"),
        *DIRECTIONS,
    )
)
_ABOVE_SINCE_12_5 = _ABOVE | {"ice-options", "ice-lite"}

GRAMMARS = (
    Grammar(
        version="10.5",
        above_only=frozenset("os"),
        attributes=_ALWAYS,
        above_too=_ABOVE,
        patches=True,
        patches_every_connection=False,
        passes_unknown=True,
        passes_foreign=False,
        needs_an_origin=False,
        needs_a_usable_section=False,
        reads_rejected=True,
        guesses_family=False,
        keeps_nothing=True,
        drops_unreadable_keys=False,
        wants_bare_numbers=False,
        checks_extensions=False,
        knows_feedback_for_all=False,
        composes_bandwidths=False,
    ),
    Grammar(
        version="12.5",
        above_only=frozenset("ost"),
        attributes=_ALWAYS
        | {"tls-id", "xg726bitorder", "maxptime", "label", "direction", "T38MaxBitRate", "T38FaxMaxBuffer"},
        above_too=_ABOVE_SINCE_12_5,
        patches=True,
        patches_every_connection=True,
        passes_unknown=False,
        passes_foreign=True,
        needs_an_origin=True,
        needs_a_usable_section=True,
        reads_rejected=True,
        guesses_family=False,
        keeps_nothing=True,
        drops_unreadable_keys=False,
        wants_bare_numbers=False,
        checks_extensions=False,
        knows_feedback_for_all=True,
        composes_bandwidths=False,
    ),
    Grammar(
        version="26.0",
        above_only=frozenset("ostuep"),
        attributes=_ALWAYS
        | {"tls-id", "maxptime", "label", "extmap-allow-mixed", "T38MaxBitRate", "T38FaxMaxBuffer"},
        above_too=_ABOVE_SINCE_12_5 | {"extmap", "extmap-allow-mixed"},
        patches=False,
        patches_every_connection=False,
        passes_unknown=False,
        passes_foreign=True,
        needs_an_origin=True,
        needs_a_usable_section=True,
        reads_rejected=False,
        guesses_family=True,
        keeps_nothing=False,
        drops_unreadable_keys=True,
        wants_bare_numbers=True,
        checks_extensions=True,
        knows_feedback_for_all=True,
        composes_bandwidths=True,
    ),
)
"""The versions that were measured, oldest first."""


def grammar_of(version: str) -> Grammar:
    """Return how a daemon of `version` reads, such as ``26.0`` or ``12.5.1.31``; between two, as the older one.

    Raises `UsageError` for what is no version.
    """
    wanted = version_of(version)
    older = [grammar for grammar in GRAMMARS if version_of(grammar.version) <= wanted]
    return older[-1] if older else GRAMMARS[0]
