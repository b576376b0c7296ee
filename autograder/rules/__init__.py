"""The course's own rules: course.toml, deadlines and attempts, and what a person decided against the grader."""
