"""An option that there is not, or a word or a type that an option does not take."""

from rtpe_ng import Codec, Flags, profiles

Flags(icee="remove")  # E: call-arg, reportCallIssue
Flags(ice="removed")  # E: arg-type, reportArgumentType
Flags(transport_protocol="RTP/AVPX")  # E: arg-type, reportArgumentType
Flags(rtcp_mux="demux")  # E: arg-type, reportArgumentType
Flags(rtcp_mux=["demuxx"])  # E: list-item, reportArgumentType
Flags(trust_address="yes")  # E: arg-type, reportArgumentType
Flags(db_id="5")  # E: arg-type, reportArgumentType
Flags(frequencies=["440"])  # E: list-item, reportArgumentType
Flags(codec=Codec(transcodes=["PCMU"]))  # E: call-arg, reportCallIssue
Flags().ice = "force"  # E: misc, reportAttributeAccessIssue
Flags.parse("ICE=force", dialect="asterisk", command="offer")  # E: arg-type, reportArgumentType
profiles.MODERNE  # E: attr-defined, reportAttributeAccessIssue
profiles.MODERN.evolve(sip_transport="RTP/AVPX")  # E: arg-type, reportArgumentType
