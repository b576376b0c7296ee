"""Whose a hand-in is and which lesson it answers, from paths, zips, rosters and what learning systems write."""
