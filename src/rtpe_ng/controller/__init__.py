"""`Controller`: one method for each ng command, pairs of them as context managers, and calls.

Internal: import its names from `rtpe_ng`.
"""

from .controller import Controller
from .subscription import Subscription

__all__ = ["Controller", "Subscription"]
