"""Benchmarks: the engine beside simple programs that do the same job.

Every row measures both sides in one run, in rounds that alternate, and judges
ratios: they hold on any machine, where seconds do not. `scripts/bench` prints
them; the tests only check that they run.
"""
