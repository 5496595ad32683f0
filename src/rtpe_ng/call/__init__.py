"""One call's life: negotiation, DTLS roles, exported state, verification of replies.

Internal: import its names from `rtpe_ng`.
"""

from .call import DELETE_WITHIN, Call, CallSettings
from .dtls import DtlsRoles, with_tls_id
from .negotiation import Negotiation
from .state import CallState
from .verify import Unmet, unmet

__all__ = [
    "DELETE_WITHIN",
    "Call",
    "CallSettings",
    "CallState",
    "DtlsRoles",
    "Negotiation",
    "Unmet",
    "unmet",
    "with_tls_id",
]
