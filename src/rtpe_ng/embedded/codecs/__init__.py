"""Codecs of a media section: what each version can transcode, and what becomes of the codecs in a message.

`kinds` lists what each version can transcode. `entry` and `list` hold the codecs of a section, and `operations` is
what options do to such a list. `routes` pairs the lists of two sides, and `negotiate` uses all of this for an offer
or an answer.
"""
