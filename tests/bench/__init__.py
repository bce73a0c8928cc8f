"""Benchmarks: the engine side by side with what one would do without it.

Every row measures both sides in one run, in rounds that alternate, and judges
ratios: they hold on any machine, where seconds do not. `scripts/bench` prints
them; the tests only check that they run.
"""
