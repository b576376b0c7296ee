"""Where the grades go: a system's own file filled in, nbgrader's gradebook, Gradescope's results, plain tables."""
