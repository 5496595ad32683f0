"""`Router`: what a SIP proxy or gateway does with each message of its calls, whatever its SIP stack is.

A `SipStack` reads and writes the stack's messages; a policy of yours says which calls need the engine.
"""

from .message import SipMessage, SipStack, branch_of
from .router import Router
from .seal import seal, unseal
from .store import ENDED, StateStore

__all__ = ["ENDED", "Router", "SipMessage", "SipStack", "StateStore", "branch_of", "seal", "unseal"]
