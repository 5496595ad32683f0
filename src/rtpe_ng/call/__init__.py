"""One call's life: negotiation, DTLS roles, exported state, verification of replies.

Internal: import its names from `rtpe_ng`.
"""

from .call import DELETE_WITHIN, Call, negotiation_of
from .dtls import DtlsRoles, with_tls_id
from .history import History, HistoryItem
from .negotiation import Negotiation
from .party import Party
from .settings import CallSettings
from .state import CallState
from .subscription import Subscription
from .verify import Unmet, unmet

__all__ = [
    "DELETE_WITHIN",
    "Call",
    "CallSettings",
    "CallState",
    "DtlsRoles",
    "History",
    "HistoryItem",
    "Negotiation",
    "Party",
    "Subscription",
    "Unmet",
    "negotiation_of",
    "unmet",
    "with_tls_id",
]
