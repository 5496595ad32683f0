"""`Behaviour`: what a version of the daemon may do otherwise than another one."""

from __future__ import annotations

import attrs

__all__ = ["Behaviour"]


@attrs.frozen(kw_only=True)
class Behaviour:
    """What a version of the daemon does that others do not, named by what is seen of it."""

    version: str
    """The full version of the daemon that was measured."""
    commands: frozenset[str]
    """The commands that it knows."""
    explains_bad_documents: bool
    """What is no document gets an error reply; else an empty one."""
    caches_empty_datagrams: bool
    """What has a cookie alone gets the first reply to that cookie; else it replaces that reply."""
    refuses_odd_integers: bool
    """A document with an integer out of range, or with a zero in another form, is none."""
    reads_any_json: bool
    """JSON may hold fractions and nulls, which nothing is read from; else it is no document."""
    takes_last_of_twins: bool
    """Of values with the same key the last one counts, but for ``command``; else the first one."""
    reads_other_spellings: bool
    """A name may stand under a key in another spelling, and a list as a text with commas."""
    deletes_fast: bool
    """A ``delete`` with the flag ``fast`` replies without figures."""
    subscribes_sections: bool
    """The sections of SDPs are subscribed to each other; else whole parties are."""
    keeps_branches_connected: bool
    """A second offer to another branch leaves the first branch connected; and more is found in sections."""
    keeps_former_tags: bool
    """A party that takes another tag is still found by the former one, and may do so in an answer."""
    finds_call_before_body: bool
    """The call is looked up, or made, before the body is read."""
    deletes_by_to_tag: bool
    """A ``delete`` minds its ``to-tag`` always; else only with the flag ``to-tag``."""
    deletes_the_empty_name: bool
    """A ``delete`` may be of the call whose Call-ID is empty."""
    reports_whole_call_when_deleted: bool
    """A ``delete`` that ends the call replies with the figures of all parties, however it was meant."""
    secures_no_unknown: bool
    """A section of a protocol that it does not know has no DTLS for it."""
    keeps_too_few_ports: bool
    """A port that is to be kept is kept though RTCP would need one beside it."""
    closes_rtcp_ports: bool
    """Who has agreed on rtcp-mux has no port for RTCP again while it keeps that of RTP."""
    chooses_role_early: bool
    """Who leaves the DTLS roles to the engine finds it active at once, not when the answer comes."""
    holds_on_to_mux: bool
    """Who has agreed on rtcp-mux once is offered it again, whatever the offer's options say."""
    keeps_spaces_in_words: bool
    """What ``flags`` says of attributes may have spaces; else they become hyphens."""
    knows_interfaces_by_name: bool
    """A logical interface may be named by itself, and not only as one of a pair."""
    looks_at_interface_first: bool
    """A port that is to be kept is not where the logical interface is another one."""
    needs_directional: frozenset[str]
    """The commands that take ``from-tag`` for a mere hint unless ``flags`` has the word ``directional``."""
    knows_all_as_key: bool
    """``all`` may stand as a key, to say which flows are meant."""
    keys_that_set_a_label: tuple[str, ...]
    """The keys that give a new label to the party that a command is about."""
    knows_flows: bool
    """Media is blocked by flows, and a flow that does not exist is refused."""
    finds_no_flow: bool
    """It looks for the flow to one party at the wrong place, and never finds it."""
    knows_pause: bool
    """A recording can be paused, and thrown away."""
    tells_recordings: bool
    """A query tells whether the call is recorded or forwarded."""
    tells_metadata: bool
    """A query tells the metadata and the other tags of a party, and when the call began to the microsecond."""
    tells_sources_of: str
    """Of what a query tells the sources: ``call`` alone, or also each of its ``streams`` or ``sections``."""
    tells_last_frame: bool
    """The end of a playback tells where it stopped."""
    tells_intervals: bool
    """The figures have a section of the last interval, and none of the quality of calls."""
    tells_threads: bool
    """The figures have a section of the daemon's threads, and more counters."""
    makes_bodies: bool
    """Bodies are written anew, and not the old one with other lines in it."""
    lines_of_the_session_alone: tuple[str, ...]
    """How lines begin that a media section must not have."""
    misplaces_address: bool
    """The address for an ``o=`` line that a body lacks comes before everything else."""
    wants_bare_numbers: bool
    """The number of ``ptime`` counts only where nothing stands behind it."""
    kinds_of_sections: frozenset[str]
    """The kinds of sections that an option can be about; none before ``sdp-attr`` was known."""
    needs_a_usable_section: bool
    """A body in which every section is rejected is refused."""
    keeps_unused_connection: bool
    """A connection that no section needs stays as it is unless it is to be replaced."""
    passes_in_place: bool
    """Attributes that it does not know stay where they are, and are not moved behind the codecs."""
    passes_foreign_protocols: bool
    """Of a section with a protocol that it does not know, keys and RTCP stay as they are."""
    knows_attributes: frozenset[str]
    """The attributes that it knows beside those that every version knows."""
    hides_single_extensions: bool
    """``extmap`` strips and masks RTP header extensions by their names."""
    strips_extmaps_above: bool
    """``strip-extmap`` is about the lines of the session too."""
    forces_ice_in_answers: bool
    """``ICE=force`` in an answer adds ICE toward an offerer that has none."""
    reads_ice_above: bool
    """What the session says of trickle ICE and of ICE-lite counts, and port 9 at 0.0.0.0 is no hold."""
    replaces_zero_address_first: bool
    """``replace=zero-address`` counts in the first offer only, and not once media is connected."""
    keeps_family_of_former_ice: bool
    """Who had ICE before is spoken to in the same address family, not who has it now."""
    drops_ice_agent: bool
    """An ICE agent ends where ICE is not wanted any more."""
    skips_rejected: bool
    """What a rejected section says of addresses and ICE is not looked at."""
    has_tls_id: bool
    """DTLS associations are named by ``a=tls-id``."""
    changes_role_within_association: bool
    """A DTLS association keeps its name where the engine takes another role in it."""
    rewrites_opus_parameters: bool
    """The parameters of opus are read, and written anew."""
    takes_usedtx_for_fec: bool
    """``usedtx`` of opus is read as if it was ``useinbandfec``."""
    compares_parameters: bool
    """Codecs whose fmtp lines differ are different codecs, unless the kind of codec does not mind."""
    strips_toward_offerer: bool
    """What an offer strips of its codecs, the offerer is not sent either; else it is transcoded for it."""
    strips_touch_supplemental: bool
    """Stripping telephone-event or CN has them follow the other codecs at all clock rates."""
    merges_former_codecs: bool
    """A codec that was there before and comes back gets the payload type that it had."""
    unknown_codec_words: frozenset[str]
    """What of the words in ``flags`` about codecs it does not know."""
    ignores_keys_unasked: bool
    """An answer with keys beside a plain profile, where nobody offered that, has the profile of the offer."""
    keeps_a_suite: bool
    """Of the keys that came the first one is taken though no suite of theirs is to be used."""
    looks_at_last_suite: bool
    """Where the last of the keys that came is of a suite that is not to be used, all of them are taken."""
    bundles_sections: bool
    """Sections of a party may share a port: it knows ``bundle``."""
    finds_sections_by_mid: bool
    """The sections of a body may come in another order: ``a=mid`` tells which is which."""
    keeps_own_names: bool
    """The session name that a party tells is its own; else it is the first one that it was told."""
    session_name: str
    """The name of a session that is the daemon's own."""
    numbers_sessions_once: bool
    """Id and version of a session that is the daemon's own are one number."""
    publishes_their_origin: bool
    """The answer to a publisher has the publisher's ``o=`` line."""
    publishes_both_ways: bool
    """A publisher may be sent media: ``bidirectional``."""
    subscribes_to_last_body: bool
    """Who listens to one party is offered that party's last body, with the daemon's lines in it."""
    shares_sections_by_mid: bool
    """Two sections with the same ``a=mid`` are one section for who listens to both."""
    makes_up_names: bool
    """A publisher needs no Call-ID and no tag, and is told both."""
    unsubscribes_only_known: bool
    """Who is to listen no more must be there, and may go on listening to others."""
    words_for_no_match: str
    """What it says where nobody is found to be listened to."""
    words_for_no_source: str
    """What it says where those that are to be listened to send nothing."""
    tells_each_section: bool
    """A recorder is told of a party once for each section, with that section alone."""
    keeps_other_labels: bool
    """A recorder is offered the labels that sections had beside those for it."""
    adds_listener_first: bool
    """Who is to listen is there though nobody sends what could be heard."""
    tells_first_origin: bool
    """Who listens is told the ``o=`` line of the first body that the other one sent."""
    numbers_sender_first: bool
    """Sections are numbered with those of who sent a body first."""
    remembers_offered_codecs: bool
    """Each answer is taken as one to the codecs that were offered, not to what the last answer left of them."""
