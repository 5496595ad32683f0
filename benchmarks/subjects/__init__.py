"""The programs that the benchmark compares: each reads orders from its input and writes what it measured."""
