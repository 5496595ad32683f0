"""What the daemon knows of the call: names, the SIP message, reports."""

import attrs

from ... import keys as k
from .. import vocabulary as v


@attrs.frozen(kw_only=True, slots=False)
class CallOptions:
    """Options of the call and of the message."""

    label: str | None = k.text("label", spellings=("from-label",), toward="sender")
    """A name for this participant in logs and statistics."""
    xmlrpc_callback: str | None = k.address("xmlrpc-callback", toward="call")
    """Where a timeout of the call is reported to."""
    alias_key: v.AliasKey | None = k.choice("alias-key", v.AliasKey, since="26.0", toward="message")
    """Take an unknown from-tag for a known one when they share the ``SDP``, or its first ``address``. Since
    26.0."""
    template: str | None = k.text("template", since="13.1", toward="message")
    """The name of a template of flags in the daemon's configuration. Since 13.1."""
    sip_message_type: v.SipMessage | None = k.choice(
        "sip-message-type", v.SipMessage, since="12.4", toward="message"
    )
    """Whether the SDP came in a SIP request or in a reply. Since 12.4."""
    sip_code: int | None = k.integer(
        "sip-code", 100, 699, since="13.1", spellings=("sip-response-code",), toward="message"
    )
    """The status code of the SIP reply, such as 183 or 200: from 200 on the to-tag is final. Since 13.1."""

    new_branch: bool = k.flag("new-branch", since="13.1", toward="message", commands=("answer",))
    """An unknown to-tag is a branch of its own, not another name of the one that is known. Since 13.1."""
    provisional: bool = k.flag("provisional", since="13.1", toward="message", commands=("answer",))
    """The to-tag may change even after a final reply. Since 13.1."""
    no_redis_update: bool = k.flag("no-redis-update", toward="message")
    """Leave the copy of the call in Redis as it is, for now."""
    debug: bool = k.flag("debug", spellings=("debugging",), toward="call")
    """Full debug log of this call on the daemon."""
