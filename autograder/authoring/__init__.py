"""The author's gate: what must be true of an exercise, mutants, and the scaffold of a new one."""
