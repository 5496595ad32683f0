"""SDP bodies: read one, decide what the other party is told, and write the body for that party.

`read` turns a body into values. `negotiate` decides section by section, with `ice`, `security`, `ports`, `bundle`,
`extensions` and the codecs, and records each decision in the two parties (`party`). `plan` freezes what the body
will say. Then `patch` puts the engine's `lines` into the body that came, as older versions do, or `compose` writes
a new body, as newer versions do. `rewrite` runs these stages for offers and answers, `subscription` for publishers
and subscribers, and `creation` for parties of the engine's own.
"""
