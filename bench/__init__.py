"""Benchmarks of the running product: `make bench NAME=…`.

Each prints its figures, and on the last line a ratio against something run beside it, because
absolute times move from machine to machine.
"""
