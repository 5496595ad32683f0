"""The helpers that rewrite a description: pure functions, each of which touches its own lines alone."""
