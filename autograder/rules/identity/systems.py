"""What learning systems make of a hand-in's path: one table of data, a row for each layout.

A new system is a new row of `LAYOUTS` and its example, which a test reads. A pattern is matched from the beginning of a
folder's or a file's name: one that ends in "/" is of folders, one that ends in "$" is of files. The outermost match
counts, for what lies below it was named by the student. Groups that mean something:

name      the person, as the system writes it        id         what the system calls this person
login     a name that the person signs in with       time       when it was handed in, on the system's clock
sequence  a number that grows with every hand-in     late       there if the system says that it was late
title     the assignment                             rest       the file's own name
"""

import re
from dataclasses import dataclass
from functools import cached_property

COURSE, ASSIGNMENT = "course", "assignment"
BLACKBOARD = "Blackboard"


@dataclass(frozen=True)
class Layout:
    """How one learning system names hand-ins.

    `label` makes the student's name of the groups; `what` says what the id is, `within` where it is the same for one
    person: in the whole course, or only in one assignment. `example` is a path, with the name that it must give.
    """

    system: str
    pattern: str
    what: str
    example: tuple[str, str]
    label: str = "{name}"
    within: str = COURSE
    clock: str = ""

    @cached_property
    def regex(self):
        return re.compile(self.pattern)


MOODLE = r"_(?P<id>\d+)_assignsubmission_[a-z]+(?:_[^/]*)?(?:/|$)"
PARTICIPANT = r"Participant|Teilnehmer(?:[/_-]?in)?|Participante?|Partecipante|Deelnemer|Uczestnik|参加者|用户"
D2L = r"(?P<id>\d+-\d+) ?- ?(?P<name>[^/]+?) ?- ?(?P<time>[^/-]*\b\d{4}\b[^/-]*?)"
D2L_CLOCK = "%d %B, %Y %I%M %p|%d %b, %Y %I%M %p|%B %d, %Y %I%M %p|%b %d, %Y %I%M %p|%d %B, %Y %H%M|%B %d, %Y %H%M"

LAYOUTS = (
    Layout(
        "Moodle, blind",
        rf"(?P<name>{PARTICIPANT})" + MOODLE,
        "the participant's number in this assignment",
        ("Participant_12345_assignsubmission_file_/01_chain_rule.ipynb", "Participant 12345"),
        label="{name} {id}",
        within=ASSIGNMENT,
    ),
    Layout(
        "Moodle",
        r"(?P<name>[^/]+?)" + MOODLE,
        "the participant's number in this assignment",
        ("Ada Able_12345_assignsubmission_file_/01_chain_rule.ipynb", "Ada Able"),
        within=ASSIGNMENT,
    ),
    Layout(
        "Canvas, anonymous",
        r"anon_(?P<id>[A-Za-z0-9]{5})(?:_(?P<late>LATE))?(?:_\d+)?_(?P<sequence>[1-9]\d{2,})_(?P<rest>[^/]+)$",
        "the anonymous id of the submission",
        ("anon_x7Qp2_LATE_678903_01_chain_rule.ipynb", "anon_x7Qp2"),
        label="anon_{id}",
        within=ASSIGNMENT,
    ),
    Layout(
        "Canvas",
        r"(?P<name>[^/]+?)(?:_(?P<late>LATE))?_(?P<id>[1-9]\d*)_(?P<sequence>[1-9]\d{2,})_(?P<rest>[^/]+)$",
        "the user's id in Canvas",
        ("ceecy_LATE_12347_678903_01_chain_rule-1.ipynb", "ceecy"),
    ),
    Layout(
        "Gradescope",
        r"submission_(?P<id>\d+)/",
        "the submission's id",
        ("assignment_555_export/submission_111111/hw.ipynb", "submission_111111"),
        label="submission_{id}",
        within=ASSIGNMENT,
    ),
    Layout(
        "nbgrader",
        r"submitted/(?P<id>[^/]+)/(?P<title>[^/]+)/",
        "nbgrader's student id",
        ("submitted/able/ps1/01_chain_rule.ipynb", "able"),
        label="{id}",
    ),
    Layout(
        "nbgrader's exchange",
        r"(?P<id>[^/+]+)\+(?P<title>[^/+]+)\+(?P<time>\d{4}-\d\d-\d\d \d\d[:_]\d\d[:_]\d\d)[^/]*/",
        "nbgrader's student id",
        ("inbound/able+ps1+2026-03-01 12:00:00.5 UTC+x7/01_chain_rule.ipynb", "able"),
        label="{id}",
        clock="%Y-%m-%d %H:%M:%S|%Y-%m-%d %H_%M_%S",
    ),
    Layout(
        BLACKBOARD,
        r"(?P<title>[^/]+?)_(?P<id>[^/_]+)_attempt_(?P<time>\d{4}(?:-\d\d){5})(?:_(?P<rest>[^/]+)|\.txt)?(?:/|$)",
        "the user name",
        ("Homework 1_able_attempt_2026-03-01-12-00-00_01_chain_rule.ipynb", "able"),
        label="{id}",
        clock="%Y-%m-%d-%H-%M-%S",
    ),
    Layout(
        "Brightspace",
        D2L + r"(?:/| - (?P<rest>[^/]+)$)",
        "the user's number and the folder's",
        ("111-222 - Ada Able-Baker - 1 March, 2026 1159 PM/01_chain_rule.ipynb", "Ada Able-Baker"),
        within=ASSIGNMENT,
        clock=D2L_CLOCK,
    ),
    Layout(
        "Sakai",
        r"(?P<name>[^/]+?) ?\((?P<id>[^/()]+)\)/(?:[^/]*\(s\)|[^/]*[Aa]ttachments?|timestamp\.txt$)",
        "the user's id",
        ("Homework 1/Able, Ada(able)/Submission attachment(s)/01_chain_rule.ipynb", "Able, Ada"),
    ),
    Layout(
        "ILIAS",
        r"(?P<last>[^/_]+)_(?P<first>[^/_]+)_(?P<login>[^/]+)_(?P<id>\d+)/(?:[^/]+/)*?(?P<time>\d{14})_(?P<rest>[^/]+)$",
        "the user's id",
        ("Exercise 1/Able_Ada_able_271/20260301120000_01_chain_rule.ipynb", "Ada Able"),
        label="{first} {last}",
        clock="%Y%m%d%H%M%S",
    ),
    Layout(
        "GitHub Classroom",
        r"(?P<title>[^/]+)-submissions/(?P<name>(?P=title)-(?P<login>[^/]+))/",
        "the repository",
        ("hw1-submissions/hw1-able/notebooks/01_chain_rule.ipynb", "hw1-able"),
    ),
    Layout(
        "Microsoft Teams",
        r"(?:Submitted|Working) files/(?P<name>[^/]+)/(?P<title>[^/]+)/(?:Version (?P<sequence>\d+)/)?",
        "the name",
        ("Submitted files/Ada Able/Homework 1/Version 2/01_chain_rule.ipynb", "Ada Able"),
    ),
)
