"""The command line: the command ``rtpe-ng``, its demo, and a Python prompt with ``await``.

Internal: import its names from `rtpe_ng`.
"""
