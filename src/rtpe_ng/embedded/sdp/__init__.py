"""Bodies: read one, decide what the other party is told, write the body for it.

`read` makes values of a body, `negotiate` decides section by section (with `ice`, `security`, `ports`, `bundle`,
`extensions` and the codecs) and notes it in the `party`. Then `patch` puts the engine's `lines` into the body that
came, as older versions do, or `compose` writes a new body, as newer ones do. `rewrite` does all of it for offers
and answers, `subscription` for publishers and subscribers, `creation` for parties of the engine's own.
"""
