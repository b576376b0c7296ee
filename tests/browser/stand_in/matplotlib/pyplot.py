"""A stand-in where Matplotlib cannot be had: it can be imported, and draws nothing."""
