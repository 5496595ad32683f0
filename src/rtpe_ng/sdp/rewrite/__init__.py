"""The helpers that rewrite a description: pure functions, each of which changes its own lines only."""
