"""Records, grades, and what people read of them."""
