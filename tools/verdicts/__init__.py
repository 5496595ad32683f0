"""The verdicts of real readers on descriptions, beside those of the library: ``python -m tools.verdicts``."""
