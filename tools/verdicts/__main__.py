"""``python -m tools.verdicts READER ...``: run the comparison with a reader, ``daemon`` or ``chromium``."""

import importlib
import sys

READERS = ("daemon", "chromium")

if __name__ == "__main__":
    if sys.argv[1:2] == [] or sys.argv[1] not in READERS:
        sys.exit(f"python -m tools.verdicts {{{','.join(READERS)}}} [--help]")
    sys.exit(importlib.import_module(f"tools.verdicts.{sys.argv[1]}").main(sys.argv[2:]))
