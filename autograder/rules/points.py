"""What exercises count in this course: the points of course.toml, shared out among checks as theirs were."""

from dataclasses import replace


def with_points(lesson, points):
    """Return the lesson with these points for its exercises, {name: points}; one of 0 points does not count."""
    if not points:
        return lesson
    return replace(lesson, sections=tuple(_section(one, points) for one in lesson.sections))


def _section(section, points):
    exercise = section.exercise
    if not exercise or exercise.name not in points or not exercise.max_points:
        return section
    share = points[exercise.name] / exercise.max_points
    scaled = replace(section)
    checks = tuple(replace(check, points=check.points * share) for check in exercise.checks)
    # What a section makes of its source it keeps; this copy keeps the exercise with other points.
    vars(scaled)["exercise"] = replace(exercise, checks=checks)
    return scaled
