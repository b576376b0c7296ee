"""Attacks on the grader, one file a class: each must earn exactly what the honest part of its notebook earns."""
