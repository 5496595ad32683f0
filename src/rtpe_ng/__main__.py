"""``python -m rtpe_ng [URL]``: the prompt; ``python -m rtpe_ng demo``: the demo. The same as ``rtpe-ng``."""

import sys

from .console.cli import main

if __name__ == "__main__":
    sys.exit(main())
