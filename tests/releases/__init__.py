"""A package, so that its conftest stands beside that of the other tests."""
