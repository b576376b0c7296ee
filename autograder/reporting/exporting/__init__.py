"""Where the grades go: a system's own file filled in, and plain tables."""
