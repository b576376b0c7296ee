"""`course demo`: the evening of an instructor in one go, on a class that is made for it: grade, report, export."""

import shutil

from autograder.building.example_class import LESSONS, canvas_file, write_example_class
from autograder.grading.one_file import Settings
from autograder.grading.whole_class import grade_class
from autograder.reporting.classroom.report import print_report, report
from autograder.reporting.exporting.exports import Asked, export
from autograder.reporting.exporting.filling import Wanted
from autograder.source.lesson import lesson_names, load_lesson


def show_demo(out):
    """Write the class into a folder of `out`, grade it into `out`, report, and fill a Canvas file."""
    lessons = [load_lesson(name) for name in lesson_names()[:LESSONS]]
    shutil.rmtree(out / "submissions", ignore_errors=True)  # of an earlier version, other files
    submissions = write_example_class(out / "submissions", lessons)
    grade_class([submissions], out, settings=Settings(lessons=tuple(one.name for one in lessons)), again=True)
    print("\nWhat `course report` says of it:\n")
    page, told = report(out)
    print_report(page, told)
    print("\nAnd `course export`, into the gradebook as Canvas gave it out:\n")
    fill = out / "canvas" / "gradebook.csv"
    fill.parent.mkdir(exist_ok=True)
    fill.write_text(canvas_file(lessons[0], [path.name for path in submissions.iterdir()]), encoding="utf-8")
    lines, _ = export(out, Asked("canvas", fill, wanted=Wanted(lessons[0].name)))
    print("\n".join(lines))
    print(f"\nOpen {page} in a browser for what the class did, and {out / 'feedback'} for what each student reads.")
