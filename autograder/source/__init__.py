"""What a lesson is, read from its files: cells, sections, exercises, lessons."""
