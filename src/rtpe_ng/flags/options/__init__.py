"""The options of `Flags` in groups: `Fields` inherits them all, and a new option is one field of one of them."""
