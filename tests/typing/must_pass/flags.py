# pyright: strict
"""Flags, profiles, and the strings that proxies take."""

from typing import Any, assert_type

from rtpe_ng import Codec, Direction, Flags, Leg, Profile, profiles
from rtpe_ng.flags import FlagString

plain = Flags(ice="remove", transport_protocol="RTP/AVP", rtcp_mux=["demux"], trust_address=True)
tuples = Flags(rtcp_mux=("offer", "require"), sdes=["off"], replace=["origin"], direction=["pub", "priv"])
numbers = Flags(frequencies=[440, 880], db_id=3, media_echo="both")
codecs = Flags(codec=Codec(transcode=["PCMU", "G722"]))
codecs_as_a_dictionary = Flags(codec={"strip": ["all"], "offer": ["PCMA"]})
others = Flags(extra={"new-key": 1, "flags": ["new-word"]})

assert_type(plain | tuples, Flags)
assert_type(plain.evolve(ice="force"), Flags)
assert_type(plain.to_ng(), dict[str, Any])
assert_type(plain.to_ng(dialect="opensips"), dict[str, Any])
assert_type(plain.format(dialect="kamailio"), str)
assert_type(Flags.parse("trust-address ICE=force", dialect="kamailio", command="offer"), Flags)
assert_type(Flags.from_ng({"ICE": "remove"}), Flags)
assert_type(plain.ice_lite is None, bool)
assert_type(plain.trust_address, bool)
assert_type(codecs_as_a_dictionary.codec, Codec | None)
assert_type(plain.source, FlagString | None)
for problem in plain.problems("answer"):
    print(problem)

assert_type(profiles.MODERN, Profile)
assert_type(profiles.ARTICLE.answer_flags(Direction.SIP_TO_WEB), Flags)
assert_type(profiles.MODERN.evolve(sip_transport="RTP/SAVP"), Profile)
assert_type(Profile(name="mine", offers={Leg.WEB: plain, Leg.SIP: tuples}, answers={Leg.WEB: plain}).name, str)
assert_type({plain: "a key of a dictionary"}, dict[Flags, str])
