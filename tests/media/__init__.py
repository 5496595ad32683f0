"""Media tests: a package, so that one browser can serve them all and end with them."""
