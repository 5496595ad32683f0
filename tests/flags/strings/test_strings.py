"""Flag strings, case by case: what is said where a proxy would do something that nobody wants, and printing."""

from __future__ import annotations

from typing import Any

import pytest

from rtpe_ng import Direction, Flags, UsageError, profiles
from rtpe_ng.flags import Routing

DIALECTS: list[Any] = ["kamailio", "kamailio-5.6", "opensips"]
ALL = "trust-address replace-origin replace-session-connection "
ARTICLE = {
    Direction.WEB_TO_WEB: ALL + "SDES-off ICE=force",
    Direction.WEB_TO_SIP: ALL + "rtcp-mux-demux ICE=remove RTP/AVP",
    Direction.SIP_TO_WEB: ALL + "rtcp-mux-offer ICE=force transcode-PCMU transcode-G722 SDES-off UDP/TLS/RTP/SAVP",
    Direction.SIP_TO_SIP: ALL + "rtcp-mux-demux ICE=remove RTP/AVP",
}


@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_proxies_spell_differently_and_mean_the_same(direction: Direction, dialect: Any) -> None:
    flags = Flags.parse(ARTICLE[direction], dialect=dialect)
    assert flags == profiles.ARTICLE.offer_flags(direction)
    assert flags.routing == Routing()


@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("profile", [profiles.MODERN, profiles.ARTICLE], ids=lambda profile: profile.name)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_profiles_can_be_said_to_every_proxy(profile: Any, direction: Direction, dialect: Any) -> None:
    for flags in (profile.offer_flags(direction), profile.answer_flags(direction)):
        text = flags.format(dialect=dialect)
        assert Flags.parse(text, dialect=dialect) == flags
        assert Flags.parse(text, dialect=dialect).to_ng(dialect=dialect) == flags.to_ng(dialect=dialect)


@pytest.mark.parametrize(
    ("text", "dialect", "why"),
    [
        ("trust-address =foo replace-origin", "kamailio", "stops reading at a token that begins with '='"),
        ("ICE = force", "opensips", "stops reading"),
        ("transcode-opus/48000/2//bitrate=32000", "kamailio", "write codec-transcode=opus/48000/2//bitrate=32000"),
        ("transcode-opus//bitrate=3", "opensips", r"write codec=\[transcode=\[opus//bitrate--3\]\]"),
        ("replace-x=y", "kamailio-5.6", "write replace=x=y"),
        ("SRTP DTLS AVPF", "kamailio", "read past the end of an array, and no protocol is sent"),
        ("DTLS SRTP", "kamailio-5.6", "find nothing, and no protocol is sent"),
        ("UDP/TLS/RTP/SAVP AVPF", "opensips", "send 'inactive'"),
        ("ICE=force ICE=remove", "kamailio", "'ICE': kamailio writes this key twice"),
        ("sdp=x", "kamailio", "it is the message's own"),
        ("trust-address\tICE=force", "opensips", "separates at spaces only"),
        ("trust-address\nICE=force", "kamailio", "separates at spaces only"),
        ("trust-address <null>", "kamailio", "a variable that is not defined"),
        ('metadata="a b"', "opensips", "knows no quotes"),
        ("SDES=off", "opensips", "a string here, which daemons before 11.2 ignore; write SDES-off"),
        ("rtcp-mux=offer", "opensips", "write rtcp-mux-offer"),
        ("codec-mask=all", "opensips", "write codec-mask-all"),
        ("T38=stop", "opensips", "write T38-stop"),
        ("direction=priv", "opensips", "write in-iface=... out-iface=..."),
        ("codec-accept=PCMU", "kamailio-5.6", "no daemon knows this key; did you mean 'codec-'"),
        ("in-iface=a out-iface=b", "kamailio", "only opensips knows this; write direction="),
        ("direction=pub", "kamailio", "two interface names"),
        ("SDES=[off pad]", "kamailio", "has no bracket lists; write SDES-"),
        ("codec=[transcode=[PCMU]]", "kamailio", "has no bracket lists"),
        ("codec=[transcode=[PCMU] strip]", "opensips", "drops 'strip'"),
        ("x=[=a b=c]", "opensips", "drops '=a'"),
        ("TOS=high", "kamailio", "sends 0; write digits only"),
        ("TOS=high", "opensips", "an integer"),
        ("repacketize=20ms", "kamailio", "sends 20; write digits only"),
        ("via-branch=22", "kamailio", "looks at the first character only; write via-branch=2"),
        ("received-from=host", "kamailio", "ignores what is no IPv4 or IPv6 address"),
        ("received-from-host", "kamailio", "ignores what is no IPv4 or IPv6 address"),
        ("received-from=192.0.2.1", "kamailio-5.6", "the message's own source address, which wins"),
        ("received-from", "opensips", "without a value"),
        ("from-tags=F", "kamailio", "in a subscribe request only"),
        ("from-tag=", "kamailio", "empty value"),
        ("to-tag=", "opensips", "empty value"),
        ("in-iface=", "opensips", "without a value"),
        ("internal=a external", "opensips", "ignores this value"),
        ("SRTP=1", "opensips", "ignores this value; write SRTP"),
        ("directional=1", "kamailio", "ignores this value"),
        ("flags=x", "kamailio", "daemons before 11.2 expect a list"),
        ("trust-addres", "kamailio", "did you mean 'trust-address'"),
        ("TRUST-ADDRESS", "kamailio", "did you mean 'trust-address'"),
        ("rtcp-mux-demx", "opensips", "did you mean 'demux'"),
        ("rtcp-mux-demx", "kamailio", "did you mean 'demux'"),
        ("trust-address=yes", "kamailio", "a word without a value; write trust-address"),
        ("label", "kamailio", "write label=..."),
        ("SDES", "kamailio", "write SDES-..."),
        ("ICE=focre", "kamailio", "did you mean 'force'"),
        ("ice=force", "kamailio", "did you mean 'ICE'"),
        ("bundle=accept", "kamailio", "write BUNDLE-accept"),
        ("rtcp-mux-demux rtcp-mux-offer", "kamailio", "contradict each other"),
        ("fatal", "kamailio", "no daemon knows this flag"),
    ],
)
def test_strict_says_what_the_proxy_would_do_and_lax_does_it(text: str, dialect: Any, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        Flags.parse(text, dialect=dialect)
    Flags.parse(text, dialect=dialect, strict=False)


@pytest.mark.parametrize(
    ("text", "dialect", "why"),
    [
        ("direction", "kamailio", "the process of kamailio ends"),
        ("via-branch-param", "opensips", "the process of opensips ends"),
        ("x=" + "v" * 100_000, "kamailio", "the proxy's process would end"),
        ("v" * 100_000, "opensips", "the proxy's process would end"),
        ("UDP/TLS/RTP/SAVPF AVPF", "opensips", "what it sends then is not known"),
        (" ".join(f"f{n}" for n in range(600)), "kamailio", "more than about 500 cannot be sent"),
        ("x=1 " * 600, "kamailio-5.6", "more than about 500 cannot be sent"),
        ("call-id", "kamailio", "a value expected, as in call-id="),
        ("from-tags", "kamailio", "a value expected"),
        ("via-branch=3", "kamailio", "known are via-branch=1"),
        ("via-branch=next", "opensips", "known are via-branch=1"),
        ("via-branch=auto", "opensips", "it never finds that branch"),
        ("via-branch-param=", "opensips", "a value expected"),
        ("repacketize=0", "opensips", "a number of milliseconds above 0"),
        ("repacketize=4294967296", "kamailio", "a number of milliseconds above 0"),
        ("address-family=ip4", "opensips", "address-family=IP4"),
        ("media-address", "opensips", "a value expected"),
        ("delete-delay", "opensips", "a value expected"),
        ("received-from=host", "opensips", "an IPv4 or IPv6 address expected"),
        ("received-from=fe80::1%eth0", "opensips", "an IPv4 or IPv6 address expected"),
        ("internal", "opensips", "one interface alone"),
        ("force-answer force-answer", "kamailio", "only an offer can be made an answer"),
        ("x=[a", "opensips", "a bracket that is not closed"),
        ("x=" + "[" * 9 + "]" * 9, "opensips", "more than 8 levels"),
        ("x=[" + "a " * 2050 + "]", "opensips", "more than 4096 bytes"),
        ("a\0b", "kamailio", "NUL"),
        ("\ud800", "kamailio", "UTF-8"),
        (None, "kamailio", "a flag string expected"),
        ("", "kamailo", "did you mean 'kamailio'"),
    ],
)
def test_what_gets_nowhere_is_refused_strict_or_not(text: Any, dialect: Any, why: str) -> None:
    for strict in (True, False):
        with pytest.raises(UsageError, match=why):
            Flags.parse(text, dialect=dialect, strict=strict)


@pytest.mark.parametrize(
    ("text", "dialect", "document"),
    [
        ("ICE=x SDES-off SDES-x", "kamailio", {"ICE": "x", "SDES": ["off", "x"]}),
        ("SDES-off SDES-x", "opensips", {"SDES": ["off"], "flags": ["SDES-x"]}),
        ("T.38-stop T38-force", "opensips", {"T.38": ["stop", "force"]}),
        ("codec-ignore-PCMU codec-mask-all", "opensips", {"codec": {"mask": ["all"], "ignore": ["PCMU"]}}),
        ("codec=[mask=[all]] codec-strip-PCMU", "opensips", {"codec": {"strip": ["PCMU"], "mask": ["all"]}}),
        ("replace-zero-address replace-SDP-version", "opensips", {"replace": ["SDP-version", "zero-address"]}),
        ("record-call passthrough", "kamailio", {"record-call": "on", "passthrough": "on"}),
        ("sdp-attr-add-none-a sdp-attr-add-none-b", "kamailio", {"sdp-attr": {"none": {"add": ["a", "b"]}}}),
        ("symmetric", "kamailio", {}),
        ("address-family=IP6 TOS=184 ptime=20", "opensips", {"address-family": "IP6", "TOS": 184, "ptime": 20}),
        ("ice=force via_branch=x new=1", "kamailio", {"ice": "force", "via_branch": "x", "new": "1"}),
        ("frequencies=[400 500]", "opensips", {"frequencies": [400, 500]}),
        ("TOS=-5000000000", "kamailio", {"TOS": -705_032_704}),
        ("TOS=" + "9" * 40, "kamailio", {"TOS": -1}),
        ("TOS=+7", "kamailio", {"TOS": 7}),
        ("codec-transcode", "kamailio", {"flags": ["codec-transcode"]}),
    ],
)  # fmt: skip
def test_without_a_dialect_it_is_the_spelling_of_the_document(
    text: str, dialect: Any, document: dict[str, Any]
) -> None:
    shown = Flags.parse(text, dialect=dialect, strict=False).to_ng()
    if text.startswith("replace"):
        shown["replace"].sort()
    assert shown == document


def test_what_a_command_does_not_send_is_left_out() -> None:
    text = "trust-address replace-origin SDES-off RTP/AVP direction=a direction=b delete-delay=0 fatal"
    flags = Flags.parse(text, command="delete")
    assert flags.to_ng() == {
        "transport-protocol": "RTP/AVP",
        "delete-delay": 0,
        "flags": ["trust-address", "fatal"],
    }
    assert flags.to_ng(dialect="kamailio") == {
        "delete delay": 0,
        "delete-delay": "0",
        "transport-protocol": "RTP/AVP",
        "flags": ["trust-address", "fatal"],
    }
    assert flags.format() == "trust-address fatal RTP/AVP delete-delay=0"
    assert Flags.parse(flags.format(), command="delete") == flags
    with pytest.raises(UsageError, match="no module sends it; did you mean 'delete'"):
        Flags.parse(text, command="delte")


@pytest.mark.parametrize("command", ["block DTMF", "block_dtmf", "block-dtmf"])
def test_kamailio_6_says_that_a_narrow_command_is_directional(command: str) -> None:
    for text in ("all from-tag=F", "all directional"):
        flags = Flags.parse(text, command=command)
        assert flags.to_ng() == {"flags": ["all"]}
        assert flags.to_ng(dialect="kamailio") == {"flags": ["all", "directional"]}
        assert Flags.parse(text, command=command, dialect="kamailio-5.6").to_ng(dialect="kamailio-5.6") == {
            "flags": ["all"]
        }


def test_a_trickle_fragment_and_a_subscription() -> None:
    assert Flags.parse("", command="info").to_ng(dialect="kamailio") == {"flags": ["fragment"]}
    flags = Flags.parse("from-tags=a from-tags=b", command="subscribe request")
    assert flags.routing == Routing(from_tags=["a", "b"])
    assert flags.to_ng() == {}
    assert flags.to_ng(dialect="kamailio") == {"from-tags": ["a", "b"]}
    assert Flags(routing=flags.routing).format(command="subscribe request") == "from-tags=a from-tags=b"


def test_the_query_of_opensips_takes_no_string() -> None:
    assert Flags.parse("", dialect="opensips", command="query") == Flags()
    with pytest.raises(UsageError, match="takes none"):
        Flags.parse("x", dialect="opensips", command="query", strict=False)


def test_the_last_branch_wins() -> None:
    assert Flags.parse("via-branch=1 via-branch-param=z", dialect="opensips").routing == Routing(
        via_branch_param="z"
    )
    assert Flags.parse("via-branch-param=z via-branch=1", dialect="opensips").routing == Routing(via_branch="1")
    # Last one counts: what never works may be said before.
    assert Flags.parse("via-branch=auto via-branch=2", dialect="opensips").routing == Routing(via_branch="2")


def test_from_tag_and_call_id_of_a_string() -> None:
    text = "callid=C from-tag=[a b] to-tag=T received-from=2001:DB8::9"
    assert Flags.parse(text, dialect="opensips").routing == Routing(
        call_id="C", from_tag="[a b]", to_tag="T", received_from="2001:DB8:0:0:0:0:0:9"
    )
    assert Flags.parse("call-id= from-tag=", dialect="opensips", strict=False).routing == Routing()
    assert Flags.parse("received-from-192.0.2.1").routing == Routing(received_from="192.0.2.1")


@pytest.mark.parametrize(
    ("options", "dialect", "text"),
    [
        ({"direction": ["a", "b"]}, "kamailio", "direction=a direction=b"),
        ({"direction": ["a", "b"]}, "opensips", "in-iface=a out-iface=b"),
        ({"transport_protocol": "RTP/AVP"}, "kamailio", "RTP/AVP"),
        ({"transport_protocol": "accept"}, "kamailio", "transport-protocol=accept"),
        ({"codec": {"transcode": ["a=b"], "set": ["c"]}}, "kamailio", "codec-transcode=a=b codec-set-c"),
        ({"codec": {"transcode": ["a=b"], "set": ["c"]}}, "opensips", "codec=[transcode=[a--b] set=[c]]"),
        ({"codec": {"accept": ["PCMU"]}}, "kamailio-5.6", "codec-accept-PCMU"),
        ({"metadata": "a=b"}, "kamailio", "metadata=a=b"),
        ({"t38": ["stop"], "bundle": ["accept"]}, "opensips", "BUNDLE-accept T38-stop"),
        ({"extmap": {"strip": ["urn:x"]}}, "opensips", "extmap=[strip=[urn:x]]"),
        ({"sdp_attr": {"audio": {"remove": ["a b"]}}}, "opensips", "sdp-attr=[audio=[remove=[a..b]]]"),
        ({"sdp_attr": {"audio": {"remove": ["ptime:20"]}}}, "kamailio", "sdp-attr-remove-audio-ptime:20"),
        ({"ice": ["force", "ice2"]}, "opensips", "ICE=[force ice2]"),
        ({"symmetric": True}, "kamailio", "symmetric"),
        ({"extra": {"new": ["a b"], "flags": ["word"]}}, "opensips", "new=[a..b] word"),
        ({"extra": {"new": "1"}}, "kamailio", "new=1"),
        ({"routing": Routing(to_tag=True, call_id="C")}, "kamailio", "call-id=C to-tag"),
    ],
)
def test_flags_are_printed_as_a_dialect_has_them(options: dict[str, Any], dialect: Any, text: str) -> None:
    flags = Flags(**options)
    assert sorted(flags.format(dialect=dialect).split()) == sorted(text.split())
    assert Flags.parse(text, dialect=dialect, strict=False).to_ng(dialect=dialect) == flags.to_ng(dialect=dialect)


@pytest.mark.parametrize(
    ("options", "dialect", "what"),
    [
        ({"metadata": "a b"}, "kamailio", "metadata='a b'"),
        ({"codec": {"accept": ["a=b"]}}, "kamailio-5.6", "codec="),
        ({"extmap": {"strip": ["x"]}}, "kamailio", "extmap="),
        ({"sdp_media_remove": ["audio"]}, "kamailio", "sdp-media-remove="),
        ({"frequencies": [400]}, "opensips", "text only; say '400'"),
        ({"extra": {"new": 1}}, "kamailio", "new=1"),
        ({"extra": {"new": []}}, "kamailio", "new="),
        ({"extra": {"new": ["a.b", "..", "a--b"]}}, "opensips", "new="),
        ({"extra": {"flags": ["a b"]}}, "kamailio", "flags="),
        ({"extra": {"flags": ["via-branch=1"]}}, "kamailio", "flags="),
        ({"directional": True}, "kamailio", r"say routing=Routing\(directional=True\)"),
        ({"routing": Routing(via_branch_param="z")}, "kamailio", "via-branch-param"),
        ({"routing": Routing(via_branch="next")}, "opensips", "rejects"),
        ({"routing": Routing(received_from="192.0.2.1")}, "kamailio-5.6", "routing.received_from"),
        ({"routing": Routing(from_tag="a b")}, "kamailio", "routing.from_tag|flags="),
    ],
)
def test_what_a_dialect_cannot_say_is_named(options: dict[str, Any], dialect: Any, what: str) -> None:
    flags = Flags(**options)
    for say in (flags.format, flags.to_ng):
        with pytest.raises(UsageError, match=what):
            say(dialect=dialect)


def test_a_string_goes_from_one_proxy_to_the_other() -> None:
    theirs = Flags.parse(
        "replace-session-name address-family=IP4 in-iface=a out-iface=b to-tag", dialect="opensips"
    )
    assert theirs.to_ng(dialect="opensips") == {
        "address family": "IP4",
        "direction": ["a", "b"],
        "replace": ["session name"],
    }
    assert theirs.to_ng(dialect="kamailio") == {
        "address-family": "IP4",
        "direction": ["a", "b"],
        "replace": ["session-name"],
    }
    assert Flags.parse(theirs.format(dialect="kamailio")) == theirs


def test_what_is_made_of_parsed_flags_says_what_it_is_now() -> None:
    twice = Flags.parse("trust-address trust-address ICE=x", strict=False)
    assert twice.to_ng(dialect="kamailio")["flags"] == ["trust-address", "trust-address"]
    once = twice.evolve(debug=True)
    assert once.to_ng(dialect="kamailio") == {"ICE": "x", "flags": ["trust-address", "debug"]}
    assert once.format() == "trust-address debug ICE=x"
    # The right side wins, what no field takes too.
    assert (twice | Flags(ice="force")).to_ng()["ICE"] == "force"
    assert (Flags(ice="force") | twice).to_ng()["ICE"] == "x"
    # What goes on the wire twice is no equal of what goes there once.
    once = Flags(trust_address=True, unchecked={"ICE": "x"})
    assert twice != once == twice.evolve(source=None)
    assert repr(once) == "Flags(trust_address=True, unchecked={'ICE': 'x'})"
    assert repr(twice) == repr(once)[:-1] + (
        ", source=FlagString(text='trust-address trust-address ICE=x', dialect='kamailio', command='offer'))"
    )


def test_routing_is_merged_and_shown() -> None:
    flags = Flags.parse("ICE=force to-tag via-branch=1") | Flags(
        routing=Routing(via_branch_param="z", from_tag="F")
    )
    assert flags.routing == Routing(to_tag=True, via_branch_param="z", from_tag="F")
    assert repr(flags) == "Flags(ice='force', routing=Routing(from_tag='F', to_tag=True, via_branch_param='z'))"
    assert flags.to_ng() == {"ICE": "force"}


@pytest.mark.parametrize(
    "options",
    [
        {"routing": {"to_tag": True}},
        {"unchecked": [1]},
        {"unchecked": {"call-id": "x"}},
    ],
)
def test_what_is_no_routing_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match=r"routing|unchecked"):
        Flags(**options)


@pytest.mark.parametrize(
    "options",
    [
        {"call_id": 1},
        {"to_tag": None},
        {"from_tags": [1]},
        {"via_branch": "3"},
        {"force_answer": 1},
    ],
)
def test_a_routing_checks_its_values(options: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match=f"Routing: {next(iter(options))}="):
        Routing(**options)
