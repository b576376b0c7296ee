"""One submission, one file, a whole class."""
