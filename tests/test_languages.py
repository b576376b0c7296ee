# ruff: noqa: E501  sentences stand as they are read
"""What the program says in Japanese and Persian: the catalogs are whole, read back right, and laid out right.

What lessons say in them is tested beside the lessons' own catalogs.
"""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from autograder.building.languages.program import behind, can_be_made, catalogs, messages, translations_in
from autograder.cli import wording
from autograder.cli.verbs import verbs
from autograder.reporting.feedback_page import page_maker
from autograder.reporting.records import CheckRecord, ExerciseRecord, Record
from autograder.source.lesson import load_lesson
from helpers import Grader
from helpers.errors import StudentError
from helpers.language import APART, END, LOCALE, chosen, in_language, languages
from helpers.right_to_left import isolated
from helpers.translating import PLACEHOLDER

ROOT = Path(__file__).parents[1]
TONGUES = [one for one in languages() if one != "en"]
LESSON = "01_chain_rule"


def entries(language):
    """Every entry and its translation in the program's own catalog of a language."""
    path = LOCALE / language / "LC_MESSAGES" / "helpers.po"
    return translations_in(path.read_text(encoding="utf-8"), language, path).items()


def test_there_are_japanese_and_persian():
    assert languages() == ["en", "fa", "ja"]


def test_catalogs_are_what_the_program_says_and_nothing_is_left_out():
    assert can_be_made()
    assert behind(catalogs()) == []
    for language in TONGUES:
        path = LOCALE / language / "LC_MESSAGES" / "helpers.po"
        assert translations_in(path.read_text(encoding="utf-8"), language, path).keys() == messages().keys()


BARE, INSTALLED = ("course.py",), ("-P", "-m", "autograder")


@pytest.mark.parametrize(
    "way_in", [pytest.param(BARE, id="bare"), pytest.param(INSTALLED, id="installed", marks=pytest.mark.slow)]
)
@pytest.mark.parametrize("language", TONGUES)
def test_help_of_the_students_verbs_is_in_the_readers_language(language, way_in):
    def help_of(*words, **environment):
        command = [sys.executable, *way_in, *words, "--help"]
        variables = os.environ | {"COLUMNS": "300", "LC_ALL": "C.UTF-8", "COURSE_LANGUAGE": ""} | environment
        return subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, encoding="utf-8").stdout

    theirs = [verb for verb in verbs().values() if verb.panel == wording.STUDENTS]
    whole = help_of(LC_ALL=f"{language}_XX.UTF-8")
    assert all(
        wording.told(text, language) in whole
        for text in (wording.TITLE, wording.STUDENTS, *(verb.line for verb in theirs))
    )
    for verb in theirs if way_in == INSTALLED else theirs[1:2]:
        shown, texts = help_of(verb.name, "--language", language), [verb.line, *dict(verb.parameters).values()]
        assert all(wording.told(text, language) in shown for text in texts)
        assert not any(text in shown for text in texts)
        assert verb.line in help_of(verb.name)


@pytest.mark.parametrize("language", TONGUES)
def test_a_translation_has_the_placeholders_of_its_entry(language):
    for entry, told in entries(language):
        asked = entry if isinstance(entry, str) else entry[-1]
        forms = [told] if isinstance(told, str) else told
        assert all(set(PLACEHOLDER.findall(form)) == set(PLACEHOLDER.findall(asked)) for form in forms), entry


SAMPLES = {"count": "3", "number": "2.5", "earned": "1", "most": "4", "name": "softmax", "shape": "(2, 3)"}
SAMPLES |= {"argument": "logits", "numbers": "1, 2", "others": "7", "points": "2 points", "kind": "None"}
SAMPLES |= {"part": "result 8", "value": "None"}


@pytest.mark.parametrize("language", TONGUES)
def test_a_sentence_is_read_back_as_the_entry_that_made_it(language):
    for entry, told in entries(language):
        shown, wanted = read_back(language, entry, told)
        assert shown == wanted, entry


def read_back(language, entry, told):
    """An entry with its placeholders filled, in the language, and what that should be."""
    english = entry if isinstance(entry, str) else entry[-1]
    names = set(PLACEHOLDER.findall(english))
    fields = {name: SAMPLES.get(name, f"xyz_{name}(1)") for name in names}
    if "numbers" in fields:
        fields["numbers"] = "1 and 7"
    shown = bare(in_language(english.format(**fields), language))
    inside = {name: bare(in_language(text, language)) for name, text in fields.items()}
    wanted = told if isinstance(told, str) else told[0]
    return shown, bare(wanted.format(**inside))


def bare(text):
    """A text without the marks that set code apart."""
    return text.replace(APART, "").replace(END, "")


def test_every_mark_is_a_text_that_can_be_extracted():
    """Babel sees constants only, and none within an f-string."""
    for path in [*(ROOT / "src/helpers").glob("*.py"), *(ROOT / "autograder").rglob("*.py")]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        inside = {id(node) for one in ast.walk(tree) if isinstance(one, ast.JoinedStr) for node in ast.walk(one)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "said":
                assert id(node) not in inside, f"{path.name}:{node.lineno}"
                assert isinstance(node.args[0], ast.Constant), f"{path.name}:{node.lineno}"


FAILED = {
    "ja": """\
softmax: まだ合格していません（1 点中 0）
  ✗ 不合格: Two equal logits get one half each, four a quarter.
      実際の値: softmax([0, 0])[0] は 1 です（2 個中 2 個の要素が異なり、これが最も大きく外れています）。
      期待値: 0.5。
  ✗ 不合格: Logits of 1000 and 1000 + ln 3 get 1/4 and 3/4, as 0 and ln 3 do.
      実際の値: softmax([1000, 1000 + ln 3])[1] は 1.5 です（2 個中 2 個の要素が異なり、これが最も大きく外れています）。
      期待値: 0.75。
  ✗ 不合格: 引数は元のまま変わらず、同じ呼び出しは同じ結果を返し、配列のメモリ配置に左右されません。
      実際の値: この演習のほかのチェックには、まだ合格していません。
  診断: 失敗した 3 件の場合すべてで、あなたの結果は期待値の2倍です。
  行き詰まりましたか。grader.hint("softmax") は呼ぶたびに一歩先のヒントを出します。""",
    "fa": """\
softmax: هنوز کامل نیست (0 از 1 نمره)
  ✗ رد: Two equal logits get one half each, four a quarter.
      مشاهده‌شده: مقدار softmax([0, 0])[0] برابر 1 است (2 عنصر از 2 عنصر فرق دارند؛ این یکی بیش از همه).
      مورد انتظار: 0.5.
  ✗ رد: Logits of 1000 and 1000 + ln 3 get 1/4 and 3/4, as 0 and ln 3 do.
      مشاهده‌شده: مقدار softmax([1000, 1000 + ln 3])[1] برابر 1.5 است (2 عنصر از 2 عنصر فرق دارند؛ این یکی بیش از همه).
      مورد انتظار: 0.75.
  ✗ رد: آرگومان‌ها همان می‌مانند که بودند، همان فراخوانی دوباره همان را می‌دهد، و چگونگی قرار گرفتن آرایه در حافظه مهم نیست.
      مشاهده‌شده: هنوز هیچ آزمون دیگری از این تمرین قبول نشده است.
  تشخیص: در هر 3 حالتی که رد می‌شود، نتیجهٔ شما دو برابر مقدار مورد انتظار است.
  گیر کرده‌اید؟ grader.hint("softmax") هر بار یک گام جلوتر می‌رود.""",
}


TWICE = """
def softmax(logits, axis=-1):
    powers = np.exp(logits - np.max(logits, axis=axis, keepdims=True))
    return 2 * powers / powers.sum(axis=axis, keepdims=True)
"""


def answered(code):
    """The names that a cell with this code leaves behind."""
    names = {"np": np, "__name__": "__main__"}
    exec(code, names)
    return names


@pytest.mark.parametrize("language", TONGUES)
def test_a_failed_check_is_said_whole(language):
    """The sentences of the section stay English here: they are the lesson's catalog's."""
    report = Grader(LESSON, answered(TWICE)).check("softmax")
    assert bare(repr(report.told_in(language))) == FAILED[language]


def test_persian_html_runs_from_right_to_left_with_code_from_left_to_right():
    shown = Grader(LESSON, answered(TWICE), language="fa").check("softmax")._repr_html_()
    assert shown.startswith("<div dir='rtl' lang='fa'")
    assert '<bdi dir="ltr">softmax([0, 0])[0]</bdi>' in shown
    assert APART not in shown


def test_english_is_as_it_was_and_loads_nothing():
    code = (
        "import sys; from helpers import Grader; print(Grader('01_chain_rule', {}, language='en').check('softmax'));"
        "print([one for one in ('gettext', 'helpers.translating') if one in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.splitlines()
    assert said[0] == "softmax: not attempted yet"
    assert said[-1] == "[]"


@pytest.mark.parametrize(
    ("asked", "variables", "code"),
    [
        ("ja", {"COURSE_LANGUAGE": "fa"}, "ja"),
        (None, {"COURSE_LANGUAGE": "fa_IR.UTF-8", "LANG": "ja_JP.UTF-8"}, "fa"),
        (None, {"LC_ALL": "", "LANG": "ja_JP.UTF-8"}, "ja"),
        (None, {"LC_ALL": "C.UTF-8", "LANG": "ja_JP.UTF-8"}, "en"),
        (None, {"LANG": "de_DE.UTF-8"}, "en"),
        (None, {}, "en"),
    ],
)
def test_whose_word_counts(monkeypatch, asked, variables, code):
    for name in ("COURSE_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert chosen(asked) == code


def test_a_language_that_there_is_not_is_one_sentence(monkeypatch):
    sentence = r"^The course does not speak 'xx'\. The languages are: en, fa, ja\.$"
    with pytest.raises(StudentError, match=sentence):
        Grader(LESSON, {}, language="xx")
    monkeypatch.setenv("COURSE_LANGUAGE", "xx")
    with pytest.raises(StudentError, match=sentence):
        Grader(LESSON, {})


@pytest.mark.parametrize("verb", ["check", "watch", "next", "lab"])
def test_so_it_is_at_the_command_line(verb):
    words = [sys.executable, "-m", "autograder", verb, *(["any.ipynb"] * (verb in ("check", "watch")))]
    done = subprocess.run([*words, "--language", "xx"], capture_output=True, text=True, env={**os.environ})
    assert done.returncode == 2
    assert done.stderr == "course: The course does not speak 'xx'. The languages are: en, fa, ja.\n"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("مقدار f(0) برابر -1 است.", "مقدار <f(0)> برابر <-1> است."),
        ("شکل (2, 3).", "شکل <(2, 3)>."),
        ("نتیجه (x یا y) است", "نتیجه (<x> یا <y>) است"),
        ("به جای x -= 1.", "به جای <x -= 1>."),
    ],
)
def test_code_in_persian_is_set_apart(text, shown):
    assert isolated(text) == shown.replace("<", APART).replace(">", END)


def page(language):
    """A feedback page of a failed check and a passed one."""
    checks = (
        CheckRecord("a", "Sentence a.", False, "failed", 0, 1, "Observed: f(0) is 2. Expected: 1."),
        CheckRecord("b", "Sentence b.", True, "passed", 1, 1),
    )
    told = "In all 2 cases that fail, yours is twice what is expected."
    exercise = ExerciseRecord("softmax", 1, 2, "failed", told, checks, "x < 1")
    record = Record("able", LESSON, "able.ipynb", "", 1, 2, (exercise,), isolation=("landlock",))
    return page_maker()(record, load_lesson(LESSON), "", language)


def test_a_persian_feedback_page():
    text = page("fa")
    assert '<html lang="fa" dir="rtl">' in text
    assert '<span class="why">مشاهده‌شده: مقدار <bdi dir="ltr">f(0)</bdi> برابر <bdi dir="ltr">2</bdi> است. ' in text
    assert 'در هر <bdi dir="ltr">2</bdi> حالتی که رد می‌شود، نتیجهٔ شما دو برابر مقدار مورد انتظار است.' in text
    assert "x &lt; 1" in text
    assert APART not in text
    without = re.sub(r"<(style|title|pre)>.*?</\1>|<[^>]+>|Sentence [ab]", "", text, flags=re.DOTALL)
    for given in (load_lesson(LESSON).titles["softmax"], load_lesson(LESSON).title, "able.ipynb", "able", "softmax"):
        without = without.replace(given, "")
    assert re.findall(r"[A-Za-z]{2,}", without) == []


def test_an_english_feedback_page_says_what_the_record_says():
    text = page("en")
    assert '<html lang="en">' in text
    assert "<strong>1 of 2 points</strong>" in text
    assert "failed: Sentence a." in text
    assert "1 check passed" in text
