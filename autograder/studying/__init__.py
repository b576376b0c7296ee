"""For those who study alone: checks of their own notebooks, again at every save, and what to do next."""
