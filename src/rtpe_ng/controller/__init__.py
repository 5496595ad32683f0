"""`Controller`: one method for each ng command, pairs of them as context managers, and calls."""

from .controller import Controller
from .subscription import Subscription

__all__ = ["Controller", "Subscription"]
