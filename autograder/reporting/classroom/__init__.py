"""What a class did: one report of many records, for the instructor."""
