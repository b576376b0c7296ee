"""`course mark`: a page on this machine where people mark what only people can, one answer at a time."""
