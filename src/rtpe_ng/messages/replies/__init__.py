"""Replies of the daemon, typed. Each keeps the plain values that it was made of in `raw`."""
