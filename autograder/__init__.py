"""The instructor's side: from section sources to notebooks, and from submissions to records and reports."""
