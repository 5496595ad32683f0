"""`Controller`: one method for each ng command, pairs of them as context managers, and calls.

Internal: import its names from `rtpe_ng`.
"""

from ..call import Subscription
from .controller import Controller

__all__ = ["Controller", "Subscription"]
