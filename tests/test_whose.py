"""Whose a hand-in is: every learning system's layout, rosters, what cannot be told, and two people who never meet."""

import json
import os
import zipfile
from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from autograder.rules.identity.files import NOTEBOOK, Found, find
from autograder.rules.identity.roster import Person, Roster, read_roster
from autograder.rules.identity.spelling import nfc, spellings
from autograder.rules.identity.systems import LAYOUTS
from autograder.rules.identity.whose import told
from autograder.source.problems import CourseError

LESSONS = ["01_chain_rule", "02_sigmoid_and_batchnorm", "05_sequences"]
CASES = Path(__file__).parent / "cases"
NAMES = {
    f"{path.stem}/{case}": files
    for path in (CASES / "names.json", CASES / "more_names.json")
    for case, files in json.loads(path.read_text(encoding="utf-8")).items()
}


def notebook(lesson="01_chain_rule"):
    """The bytes of a notebook that says which lesson it is of."""
    return json.dumps({"cells": [], "metadata": {"deep_learning_by_hand": {"lesson": lesson}}})


def content(path):
    """What lies at a path of the cases: their second week is of the second lesson."""
    if path.endswith((".txt", "settings.json", ".csv", ".yml")) and ".ipynb" not in path:
        return "{}"
    return notebook(LESSONS[1] if any(word in path for word in ("week2", "second/", "02_sigmoid")) else LESSONS[0])


def put(folder, files):
    """Write files below a folder; a path through `x.zip/` goes into a zip."""
    for path in files:
        outside, inside = path.split(".zip/", 1) if ".zip/" in path else (path, "")
        target = folder / (f"{outside}.zip" if inside else outside)
        target.parent.mkdir(parents=True, exist_ok=True)
        if inside:
            with zipfile.ZipFile(target, "a") as archive:
                archive.writestr(inside, content(path))
        else:
            target.write_text(content(path), encoding="utf-8")


def students(folder, **options):
    """{path: student} of the notebooks below a folder, and the whole `Class`."""
    base, found = find([folder])
    result = told(found, LESSONS, context=base.name, **options)
    return {"/".join(claim.found.parts): claim.student for claim in result.claims}, result


@pytest.mark.parametrize("case", NAMES)
def test_every_file_counts_for_the_student_that_an_instructor_expects(tmp_path, case):
    folder = tmp_path / "class"
    put(folder, NAMES[case])
    assert students(folder)[0] == {path: name for path, name in NAMES[case].items() if name is not None}


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.system)
def test_every_row_of_the_table_reads_its_example(tmp_path, layout):
    path, name = layout.example
    put(tmp_path / "class", [path])
    _, result = students(tmp_path / "class")
    (claim,) = result.claims
    assert (claim.student, claim.evidence) == (name, layout.system)
    assert layout.what
    assert claim.system_id or "id" not in layout.regex.groupindex


def test_a_glob_of_folders_or_files_merges_nobody(tmp_path):
    put(tmp_path, [f"class/{name}/01_chain_rule.ipynb" for name in ("able", "bee", "cee")])
    for pattern in ("class/*", "class/*/*.ipynb"):
        base, found = find(sorted(tmp_path.glob(pattern)))
        assert [claim.student for claim in told(found, LESSONS, context=base.name).claims] == ["able", "bee", "cee"]


ROSTERS = {
    "plain": "id,name,email,section\nable,Ada Able,ada@x.edu,A\nbee,Bo Bee,bo@x.edu,B\n",
    "canvas": "Student,ID,SIS User ID,SIS Login ID,Section\n    Points Possible,,,,\n"
    '"Able, Ada",12345,able,ada@x.edu,A\n"Bee, Bo",12346,bee,bo@x.edu,B\n"Student, Test",1,,,\n',
    "moodle worksheet": "Identifier,Full name,ID number,Email address,Grade\n"
    "Participant 12345,Ada Able,able,ada@x.edu,\nParticipant 12346,Bo Bee,bee,bo@x.edu,\n",
    "moodle, german, semicolons": "\ufeffID;Vollständiger Name;Matrikelnummer;E-Mail-Adresse\n"
    "Teilnehmer/in 12345;Ada Able;able;ada@x.edu\nTeilnehmer/in 12346;Bo Bee;bee;bo@x.edu\n",
    "brightspace": "OrgDefinedId,Username,Last Name,First Name,Email,End-of-Line Indicator\n"
    "#able,#ada@x.edu,Able,Ada,ada@x.edu,#\n#bee,#bo@x.edu,Bee,Bo,bo@x.edu,#\n",
    "blackboard, tabs": "Last Name\tFirst Name\tUsername\tStudent ID\nAble\tAda\table\t7\nBee\tBo\tbee\t8\n",
    "gradescope": "First Name,Last Name,SID,Email,Section\nAda,Able,able,ada@x.edu,A\nBo,Bee,bee,bo@x.edu,B\n",
    "nbgrader": "id,last_name,first_name,email\nable,Able,Ada,ada@x.edu\nbee,Bee,Bo,bo@x.edu\n",
}
FILES = {
    "moodle": "Ada Able_12345_assignsubmission_file_/x.ipynb",
    "canvas": "ableada_12345_678901_x.ipynb",
    "blackboard": "HW_able_attempt_2026-03-01-12-00-00_x.ipynb",
    "brightspace": "1-12345 - Ada Able - Mar 1, 2026 1159 PM/x.ipynb",
    "sakai": "Able, Ada(able)/Submission attachment(s)/x.ipynb",
    "flat id": "able_01_chain_rule.ipynb",
    "flat name": "ADA ABLE 01 chain rule (1).ipynb",
    "folder by family name": "Able Ada/hw1.ipynb",
    "own repository": "hw1-submissions/hw1-able/notebooks/x.ipynb",
}


@pytest.mark.parametrize("export", ROSTERS)
@pytest.mark.parametrize("file", FILES)
def test_every_systems_files_are_found_in_every_systems_roster(tmp_path, export, file):
    path = tmp_path / "roster.csv"
    path.write_text(ROSTERS[export], encoding="utf-8")
    roster = read_roster(path)
    assert [person.name for person in roster.people] in (["Ada Able", "Bo Bee"], ["Able, Ada", "Bee, Bo"])
    put(tmp_path / "class", [FILES[file]])
    _, result = students(tmp_path / "class", roster=roster)
    needs_login = file in ("blackboard", "flat id", "own repository")
    if needs_login and not any("able" in (p.id, *p.aliases) for p in roster.people):
        pytest.skip("this roster has no such id")
    (claim,) = result.claims
    assert claim.person is roster.people[0]
    assert claim.student == claim.person.id
    assert [person.name for person in result.missing] == [roster.people[1].name]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_a_roster_in_any_usual_encoding(tmp_path, encoding):
    (tmp_path / "r.csv").write_bytes("id,name\njm,Jörg Müller\n".encode(encoding))
    assert read_roster(tmp_path / "r.csv").people[0].name == "Jörg Müller"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("grade,points\n1,2\n", ":1: the roster has no column called id, name or email"),
        ("id,name\na,A\nb,B\na,C\n", ":4: the id a is there twice"),
        ("", ":1: the roster has no column"),
    ],
)
def test_a_roster_that_cannot_be_used_is_named_with_its_line(tmp_path, text, words):
    (tmp_path / "r.csv").write_text(text)
    with pytest.raises(CourseError, match=words):
        read_roster(tmp_path / "r.csv")
    with pytest.raises(CourseError, match="cannot be read"):
        read_roster(tmp_path / "none.csv")


def roster_of(*people):
    return Roster([Person(id, name, aliases=(id,)) for id, name in people])


def test_what_may_be_of_two_people_is_of_neither(tmp_path):
    roster = roster_of(("a01", "Ada Able"), ("a02", "Ada Able"), ("b01", "Bo Bee"))
    put(tmp_path / "class", ["Ada Able.ipynb", "Bo Bee.ipynb", "a02_01_chain_rule.ipynb", "a01 or b01.ipynb"])
    found, result = students(tmp_path / "class", roster=roster)
    assert found == {"Bo Bee.ipynb": "b01", "a02_01_chain_rule.ipynb": "a02"}
    assert {claim.found.parts[-1]: claim.evidence for claim in result.unclaimed} == {
        "Ada Able.ipynb": "it may be of Ada Able (a01) or Ada Able (a02)",
        "a01 or b01.ipynb": "it may be of Ada Able (a01) or Bo Bee (b01)",
    }
    assert [person.id for person in result.missing] == ["a01"]


def test_an_id_that_contradicts_the_name_beside_it_is_not_believed(tmp_path):
    roster = roster_of(("12345", "Zed Zee"), ("able", "Ada Able"))
    put(tmp_path / "class", ["ableada_12345_678901_x.ipynb", "Ada Able_12345_assignsubmission_file_/x.ipynb"])
    found, result = students(tmp_path / "class", roster=roster)
    assert found == {"Ada Able_12345_assignsubmission_file_/x.ipynb": "able"}
    assert "Zed Zee (12345)" in result.unclaimed[0].evidence


def test_who_is_not_in_the_roster_is_graded_and_said(tmp_path):
    put(tmp_path / "class", ["able.ipynb", "zed.ipynb"])
    found, result = students(tmp_path / "class", roster=roster_of(("able", "Ada Able")))
    assert found == {"able.ipynb": "able", "zed.ipynb": "zed"}
    assert result.strangers == ["zed"]


def test_namesakes_are_told(tmp_path):
    put(tmp_path / "class", NAMES["names/moodle_two_same_name"])
    assert students(tmp_path / "class")[1].namesakes == [["Ada Able (12345)", "Ada Able (99999)"]]


def test_the_instructors_own_pattern_goes_first(tmp_path):
    put(tmp_path / "class", ["x/2026/able~hw.ipynb", "x/2026/bee~hw.ipynb", "x/other.ipynb"])
    found, result = students(tmp_path / "class", pattern=r"(?P<student>[^/]+)~")
    assert found == {"x/2026/able~hw.ipynb": "able", "x/2026/bee~hw.ipynb": "bee"}
    assert [claim.found.label for claim in result.unclaimed] == ["x/other.ipynb"]
    assert students(tmp_path / "class", pattern=r"/([a-z]+)~")[0] == found
    with pytest.raises(CourseError, match="not a regular expression"):
        students(tmp_path / "class", pattern="(")


def test_hand_ins_that_are_no_notebooks_are_listed_where_there_is_no_notebook(tmp_path):
    put(tmp_path / "class", ["able/01_chain_rule.ipynb", "able/x.py", "bee/x.py", "cee/hw.pdf", "dee/x.html"])
    _, result = students(tmp_path / "class")
    assert [claim.found.label for claim in result.without_notebook] == ["bee/x.py", "cee/hw.pdf", "dee/x.html"]


def test_a_link_is_never_followed(tmp_path):
    put(tmp_path, ["elsewhere/secret.ipynb", "class/able/01_chain_rule.ipynb"])
    (tmp_path / "class" / "bee").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "class" / "able" / "more.ipynb").symlink_to(tmp_path / "elsewhere" / "secret.ipynb")
    (tmp_path / "class" / "loop").symlink_to(tmp_path / "class")
    os.mkfifo(tmp_path / "class" / "pipe.ipynb")
    found, result = students(tmp_path / "class")
    assert found == {"able/01_chain_rule.ipynb": "able"}
    assert {one.label: one.why for one in result.refused} == {
        "able/more.ipynb": "It is a link, which is not followed.",
        "bee": "It is a link, which is not followed.",
        "loop": "It is a link, which is not followed.",
        "pipe.ipynb": "It is neither a file nor a folder.",
    }


def test_a_file_that_became_a_link_after_it_was_found_is_not_read(tmp_path):
    put(tmp_path, ["secret.ipynb", "class/able.ipynb"])
    (one,) = find([tmp_path / "class"])[1]
    one.path.unlink()
    one.path.symlink_to(tmp_path / "secret.ipynb")
    with pytest.raises(OSError, match="symbolic links"):
        one.read()


# Names of people: anything that a file system takes, short, so that they meet.
NAME = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="/\0"), min_size=1, max_size=4)
NEAR = st.text("aA-_1 0(é\u0301)́\t\x85.", min_size=1, max_size=5)
ID = (NAME | NEAR).map(str.strip).filter(lambda text: text not in ("", ".", ".."))
WAYS = {
    "flat": lambda person: f"{person.id}.ipynb",
    "with the lesson": lambda person: f"{person.id}_01_chain_rule.ipynb",
    "folders": lambda person: f"{person.id}/01_chain_rule.ipynb",
    "deep folders": lambda person: f"Section 1/{person.id}/hw/x.ipynb",
    "names": lambda person: f"{person.name or person.id}_01_chain_rule.ipynb",
    "moodle": lambda person: f"{person.name or person.id}_{crc32(person.id.encode())}_assignsubmission_file_/x.ipynb",
    "canvas": lambda person: f"{person.name or person.id}_{crc32(person.id.encode())}_67890_x.ipynb",
    "blackboard": lambda person: f"HW_{person.id}_attempt_2026-03-01-12-00-00_x.ipynb",
}


@settings(max_examples=400, deadline=None)
@example(people=[("Ã©ÿ", "x"), ("éÿ", "y")], way="flat", latin=True)
@example(people=[("Ã©", "x"), ("é", "y")], way="folders", latin=True)
@given(
    people=st.lists(st.tuples(ID, NAME | NEAR | ID), min_size=2, max_size=6, unique_by=lambda one: nfc(one[0])),
    way=st.sampled_from(sorted(WAYS)),
    latin=st.booleans(),
)
def test_two_different_people_of_the_roster_never_share_a_record(people, way, latin):
    roster = Roster([Person(id, name.strip(), aliases=(id,)) for id, name in people])
    files = {}
    for person in roster.people:
        # Canvas's own marks are underscores with numbers between; a name that has such itself can be read in two ways.
        assume(way != "canvas" or "_" not in (person.name or person.id))
        path = WAYS[way](person)
        raw = path.encode("latin-1") if latin and path.isprintable() and _is_latin(path) else path.encode()
        path = os.fsdecode(raw)
        assume(path not in files)
        files[path] = person
    found = [Found(tuple(path.split("/")), Path(path), (), NOTEBOOK) for path in files]
    result = told(found, LESSONS, roster=roster)
    owners = {}
    for claim in result.claims:
        person = files["/".join(claim.found.parts)]
        assert claim.person in (None, person)
        assert owners.setdefault(claim.student, person) == person


def _is_latin(path):
    """Whether a name can be written in Latin-1 and then told from UTF-8: nobody can know that C3 A9 is not an é."""
    try:
        path.encode("latin-1").decode("utf-8")
    except UnicodeEncodeError:
        return False
    except UnicodeDecodeError:
        return True
    return path.isascii()


@given(NAME | NEAR, st.sampled_from(LESSONS))
def test_a_name_before_a_lesson_is_among_its_spellings(name, lesson):
    assert name in spellings(f"{name}_{lesson}", LESSONS)
