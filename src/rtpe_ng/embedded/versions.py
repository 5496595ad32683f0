"""The versions of the daemon that were measured, and every difference between them, once and by its name.

`Behaviour` is one table. A line of it is one difference: its name, its values and one sentence about what a client
sees of it. The values stand in the order of `MEASURED`, oldest version first; where there are fewer values than
versions, the last value holds from there on. All other code asks the table and never looks at a version number, so
a new version is a new name in `MEASURED` and one more value on each line where that version differs.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

import attrs

from ..errors import UsageError
from ..flags import Flags, as_read
from ..keys import Key, key_of
from ..messages import Capabilities
from ..sdp.daemon import GRAMMARS, Grammar
from ..versions import MEASURED
from .codecs.kinds import KINDS_10_5, KINDS_12_5, KINDS_26_0, CodecKind

__all__ = ["OPTIONS", "Behaviour", "behaviour_of"]

_Value = TypeVar("_Value")

OPTIONS: Mapping[str, Key] = {
    field.name: entry for field in attrs.fields(Flags) for entry in (key_of(field),) if entry is not None
}
"""The library's entry of each option of `Flags`, by the name of its field."""

_BY_ONE_NAME = frozenset({"query", "start recording", "stop recording", "pause recording"})
_ABOUT_ONE_PARTY = frozenset({"start forwarding", "stop forwarding", "block DTMF", "unblock DTMF"})


def differs(*values: _Value) -> _Value:
    """Declare a difference: one value for each measured version, the last of them for all later versions too."""
    field: _Value = attrs.field(metadata={"values": values})
    return field


@attrs.frozen(kw_only=True, eq=False)
class Behaviour:
    """What one version of the daemon does, as far as the versions differ."""

    version: str = differs("10.5.3.5", "12.5.1.31", "26.0.1.26")
    """The full version of the daemon that was measured."""
    commands: frozenset[str] = differs(*(Capabilities.of_version(version).commands for version in MEASURED))
    """The commands that it knows."""

    # Documents on the wire.
    explains_bad_documents: bool = differs(True, True, False)
    """It answers an undecodable document with an error reply; else with an empty document."""
    caches_empty_datagrams: bool = differs(False, True)
    """A datagram of a cookie alone gets the reply that is stored for it; else its own reply is stored."""
    refuses_odd_integers: bool = differs(False, False, True)
    """An integer out of range, or a zero in another form than ``i0e``, makes a document undecodable."""
    reads_any_json: bool = differs(False, False, True)
    """JSON may hold fractions and nulls, which are ignored; else they make a document undecodable."""
    takes_last_of_twins: bool = differs(False, True)
    """Of values with the same key the last one counts, except for ``command``; else the first one."""

    # Keys and words of a request.
    reads_lists_with_commas: bool = differs(False, True)
    """A text with commas may stand for a list of words; else it stands for an empty one."""
    names_of_keys: Mapping[str, str] = differs(
        {},
        {"delete_delay": "delete-delay"},
        {"delete_delay": "delete-delay", "to_tag": "to-tag", "to tag": "to-tag"},
    )
    """What it reads in the place of a key, beside what every version does."""
    reads_flag_string: bool = differs(False, True)
    """The key ``rtpp-flags`` holds options as one string."""
    reads_lists_in_flag_string: bool = differs(False, False, True)
    """In that string, lists may stand in brackets, and names of codecs with commas."""
    reads_protocol_in_flag_string: bool = differs(False, True, False)
    """In that string, words such as ``RTP/AVP`` and ``DTLS`` stand for a transport protocol."""
    finds_calls_by_one_name: frozenset[str] = differs(_BY_ONE_NAME | {"delete"}, _BY_ONE_NAME)
    """The commands for which ``call-id`` and ``to-tag`` have no other spelling."""
    tells_kinds_of_osrtp: bool = differs(False, True)
    """``OSRTP`` distinguishes opportunistic SRTP of RFC 8643 from the older way with two sections."""
    needs_directional: frozenset[str] = differs(
        frozenset(), _ABOUT_ONE_PARTY, _ABOUT_ONE_PARTY | {"block media", "unblock media"}
    )
    """The commands for which ``from-tag`` does not choose a party unless ``flags`` has ``directional``."""
    knows_all_as_key: bool = differs(False, True)
    """The key ``all`` chooses media flows."""
    keys_that_set_a_label: tuple[str, ...] = differs(("set-label", "to-label"), ("set-label",))
    """The keys that give a new label to the party that a command is about."""

    # Calls, parties and their connections.
    subscribes_sections: bool = differs(False, True)
    """Media sections are subscribed to each other; else whole parties are."""
    keeps_branches_connected: bool = differs(False, False, True)
    """An offer to a second branch leaves the first branch connected."""
    keeps_former_tags: bool = differs(False, False, True)
    """A party that takes another tag is still found by the former one, and may take another tag in an answer."""
    finds_call_before_body: bool = differs(False, False, True)
    """The call is found, or created, before the body is read."""
    numbers_sender_first: bool = differs(False, False, True)
    """The sections of the sender get their numbers before those of the receiver."""
    deletes_fast: bool = differs(False, False, True)
    """A ``delete`` with ``fast`` in ``flags`` replies without statistics."""
    deletes_by_to_tag: bool = differs(True, False)
    """A ``delete`` always obeys its ``to-tag``; else only where ``flags`` has ``to-tag``."""
    deletes_the_empty_name: bool = differs(True, False)
    """A ``delete`` may name the call whose Call-ID is empty."""
    reports_whole_call_when_deleted: bool = differs(False, False, True)
    """A ``delete`` that ends the call reports all parties, whichever it named."""

    # Other commands.
    knows_flows: bool = differs(False, True)
    """Media is blocked flow by flow, and a flow that does not exist is refused."""
    finds_no_flow: bool = differs(False, True, False)
    """It never finds the flow to one party, because it looks in the wrong direction."""
    knows_pause: bool = differs(False, True)
    """A recording can be paused and discarded."""
    tells_recordings: bool = differs(False, True)
    """A query reports whether the call is recorded or forwarded."""
    tells_metadata: bool = differs(False, False, True)
    """A query reports metadata, the other tags of a party, and the creation time in microseconds."""
    tells_sources_of: str = differs("call", "streams", "sections")
    """Where a query lists SSRCs: in the ``call`` alone, or also in its ``streams`` or ``sections``."""
    tells_last_frame: bool = differs(False, True)
    """The reply to ``stop media`` has the position where it stopped."""
    tells_intervals: bool = differs(True, False)
    """The statistics have a part for the last interval, and none for the quality of calls."""
    tells_threads: bool = differs(False, False, True)
    """The statistics have a part for the daemon's threads, and more counters."""

    # Reading and writing SDP.
    grammar: Grammar = differs(*GRAMMARS)
    """How it reads a body, which decides what it refuses."""
    misplaces_address: bool = differs(False, True, False)
    """In a body without an ``o=`` line, the address for that line is written before everything else."""
    keeps_unused_connection: bool = differs(True, False)
    """A ``c=`` line that no section needs stays as it is unless it is to be replaced."""
    passes_in_place: bool = differs(True, False)
    """Unknown attributes stay where they are; else they move behind the codecs."""
    passes_foreign_protocols: bool = differs(False, True)
    """In a section with an unknown protocol, keys and RTCP attributes stay as they are."""
    strips_extmaps_above: bool = differs(True, False, True)
    """``strip-extmap`` also removes ``a=extmap`` lines of the session."""
    finds_sections_by_mid: bool = differs(False, True)
    """The sections of a body may come in another order than before: ``a=mid`` identifies them."""
    bundles_sections: bool = differs(False, False, True)
    """Sections of a party may share a port: it knows ``bundle``."""

    # The session above the sections.
    keeps_own_names: bool = differs(False, True)
    """The session name of a party is the one that it sent; else it is the first one that it was sent."""
    session_name: str = differs(
        "rtpengine-10-5-3-5-1-deb12u1", "rtpengine-12-5-1-31-1", "rtpengine-26-0-1-26-0-mr26-0-1-26"
    )
    """The name of a session that is the daemon's own."""
    numbers_sessions_once: bool = differs(True, False)
    """Id and version of a session that is the daemon's own are the same number."""

    # Ports, addresses, ICE and rtcp-mux.
    keeps_too_few_ports: bool = differs(False, True, False)
    """A port that is to be kept is kept even where RTCP would need a second one."""
    closes_rtcp_ports: bool = differs(False, False, True)
    """After rtcp-mux was agreed on, there is no port for RTCP again while the port for RTP stays."""
    looks_at_interface_first: bool = differs(True, False)
    """A port that is to be kept is not kept where another logical interface is asked for."""
    holds_on_to_mux: bool = differs(True, True, False)
    """A party that agreed on rtcp-mux once is offered it again, whatever the options of the offer are."""
    forces_ice_in_answers: bool = differs(True, True, False)
    """``ICE=force`` in an answer adds ICE toward an offerer that has none."""
    reads_ice_above: bool = differs(False, True)
    """Trickle ICE and ICE-lite may be declared by the session, and port 9 at 0.0.0.0 is no hold."""
    replaces_zero_address_first: bool = differs(False, False, True)
    """``replace=zero-address`` counts in the first offer only, and not after media is connected."""
    keeps_family_of_former_ice: bool = differs(False, False, True)
    """A party that had ICE before keeps its address family; else one that has ICE now does."""
    drops_ice_agent: bool = differs(False, False, True)
    """An ICE agent ends where ICE is no longer wanted."""
    skips_rejected: bool = differs(False, True)
    """Addresses and ICE of a rejected section are ignored."""

    # DTLS and SDES.
    secures_no_unknown: bool = differs(False, True)
    """A section with an unknown protocol toward the receiver has no DTLS toward the sender either."""
    chooses_role_early: bool = differs(False, False, True)
    """Where a party leaves the DTLS roles open, the engine is active at once, not only after the answer."""
    has_tls_id: bool = differs(False, True)
    """DTLS associations have names: ``a=tls-id``."""
    changes_role_within_association: bool = differs(False, False, True)
    """A DTLS association keeps its name when the engine takes another role in it."""
    ignores_keys_unasked: bool = differs(False, False, True)
    """An answer with keys in a plain profile, which nobody offered, gets the profile of the offer."""
    keeps_a_suite: bool = differs(False, True)
    """The first of the received SDES keys is taken even where none of their suites may be used."""
    looks_at_last_suite: bool = differs(False, True, False)
    """If the suite of the last received SDES key may not be used, all of the keys are taken."""

    # Codecs.
    codec_kinds: Mapping[str, CodecKind] = differs(KINDS_10_5, KINDS_12_5, KINDS_26_0)
    """What it can transcode, by name in lower case."""
    rewrites_opus_parameters: bool = differs(False, True)
    """It parses the parameters of opus and writes them in its own order."""
    takes_usedtx_for_fec: bool = differs(False, True, False)
    """It reads ``usedtx`` of opus as ``useinbandfec``."""
    compares_parameters: bool = differs(False, True)
    """Codecs with different fmtp lines are different codecs, unless the kind of codec ignores parameters."""
    strips_toward_offerer: bool = differs(True, True, False)
    """Codecs that an offer strips are not sent to the offerer either; else they are transcoded for it."""
    strips_touch_supplemental: bool = differs(True, False)
    """After telephone-event or CN is stripped, both follow the other codecs at all clock rates."""
    merges_former_codecs: bool = differs(False, True)
    """A codec that comes back gets the payload type that it had before."""
    remembers_offered_codecs: bool = differs(False, False, True)
    """Every answer is compared with the offered codecs, not with what the answer before left of them."""

    # Publishers and subscribers.
    makes_up_names: bool = differs(False, False, True)
    """``publish`` needs no Call-ID and no tag: the reply has new ones."""
    publishes_their_origin: bool = differs(False, True, False)
    """The answer to a publisher has the publisher's ``o=`` line."""
    publishes_both_ways: bool = differs(False, False, True)
    """With ``bidirectional``, media may also be sent to a publisher."""
    subscribes_to_last_body: bool = differs(True, False)
    """A subscriber to one party is offered that party's last body, patched."""
    shares_sections_by_mid: bool = differs(False, True, False)
    """Two sections with the same ``a=mid`` become one section for a subscriber to both."""
    adds_listener_first: bool = differs(False, False, True)
    """The subscriber is added to the call even where nobody sends anything to subscribe to."""
    unsubscribes_only_known: bool = differs(False, False, True)
    """``unsubscribe`` refuses an unknown tag, and may end the subscription to one source alone."""
    words_for_no_match: str = differs("No monologues matched", "No medias found (no monologues matched)")
    """The error where no party to subscribe to is found."""
    words_for_no_source: str = differs(
        "No call participant specified",
        "No call participants specified (no medias found)",
        "Failed to create SDP",
    )
    """The error where the parties to subscribe to send nothing."""
    tells_each_section: bool = differs(False, False, True)
    """The reply to a recorder lists a party once for each of its sections, with that section alone."""
    keeps_other_labels: bool = differs(True, False)
    """The offer to a recorder keeps labels that sections had, beside the labels for the recorder."""
    tells_first_origin: bool = differs(False, True, False)
    """A subscriber is offered the ``o=`` line of the first body that the source sent."""

    @property
    def makes_bodies(self) -> bool:
        """Whether it composes a new body; else it patches the lines of the one that came."""
        return not self.grammar.patches

    def as_read(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """Return a request with its options as this version reads them, in the spelling that all versions take."""
        return as_read(document, self.version)


def _column(number: int) -> Behaviour:
    values = {field.name: field.metadata["values"] for field in attrs.fields(Behaviour)}
    return Behaviour(**{name: each[min(number, len(each) - 1)] for name, each in values.items()})


_BEHAVIOURS = {version: _column(number) for number, version in enumerate(MEASURED)}


def behaviour_of(version: str) -> Behaviour:
    """Return the behaviour of a daemon of `version`: ``26.0``, or in full ``26.0.1.26``.

    Raises `UsageError` for a version that was not measured.
    """
    major = ".".join(version.split(".")[:2])
    if major not in _BEHAVIOURS or not all(part.isdecimal() for part in version.split(".")):
        known = ", ".join(f"{name} ({behaviour.version})" for name, behaviour in _BEHAVIOURS.items())
        raise UsageError(f"no daemon of version {version!r} was measured; there are {known}")
    return _BEHAVIOURS[major]
