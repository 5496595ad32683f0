"""The tests: a package, so that its helpers are imported by one name from anywhere."""
