"""The grader's end of the wire: a warm Python that forks a process for each submission, and names that are remote."""
