"""Codecs of a media section: what each version can transcode, and what options make of an offer or answer."""
