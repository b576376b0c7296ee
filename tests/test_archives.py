"""Zips are read where they lie, nested ones too; a zip that is dangerous, broken or a bomb is one sentence."""

import io
import stat
import time
import tracemalloc
import zipfile
import zlib

import pytest
from test_whose import LESSONS, content, notebook, put

from autograder.rules.identity import archives
from autograder.rules.identity.archives import Refused, members, read
from autograder.rules.identity.files import find
from autograder.rules.identity.whose import told


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "class").mkdir()
    return tmp_path / "class"


def zipped(path, files):
    """Write a zip of {name or ZipInfo: bytes}."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in files.items():
            archive.writestr(name, raw)
    return path


def as_bytes(files):
    raw = io.BytesIO()
    zipped(raw, files)
    return raw.getvalue()


def refused(folder):
    return {one.label: one.why for one in find([folder])[1] if one.why}


def test_nested_zips_are_read_in_place(folder):
    inner = as_bytes({"src/01_chain_rule.ipynb": notebook()})
    zipped(folder / "class.zip", {"able/hand in.zip": inner, "bee/01_chain_rule.ipynb": notebook()})
    before = sorted(folder.rglob("*"))
    base, found = find([folder])
    claims = told(found, LESSONS, context=base.name).claims
    assert {claim.found.label: claim.student for claim in claims} == {
        "class.zip/able/hand in.zip/src/01_chain_rule.ipynb": "able",
        "class.zip/bee/01_chain_rule.ipynb": "bee",
    }
    assert all(claim.found.read() == notebook().encode() for claim in claims)
    assert sorted(folder.rglob("*")) == before


def test_a_zip_may_be_named_itself(folder):
    zipped(folder / "class.zip", {"able_01_chain_rule.ipynb": notebook(), "__MACOSX/._able.ipynb": "x"})
    base, found = find([folder / "class.zip"])
    assert [one.label for one in found] == ["class.zip/able_01_chain_rule.ipynb"]
    assert told(found, LESSONS, context=base.name).claims[0].student == "able"


def link(name):
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def test_links_climbing_paths_and_bombs_in_zips_are_refused(folder):
    bomb = zipfile.ZipInfo("bomb.ipynb")
    bomb.compress_type = zipfile.ZIP_DEFLATED
    files = {link("link.ipynb"): "/etc/passwd", "../up.ipynb": "x", "/root.ipynb": "x", "a/../../b.ipynb": "x"}
    zipped(folder / "x.zip", {**files, bomb: bytes(50 << 20), "able.ipynb": notebook()})
    found = refused(folder)
    assert {label.rpartition("/")[2]: why.split()[0:3] for label, why in found.items()} == {
        "link.ipynb": ["It", "is", "a"],
        "up.ipynb": ["Its", "path", "climbs"],
        "root.ipynb": ["Its", "path", "climbs"],
        "b.ipynb": ["Its", "path", "climbs"],
        "bomb.ipynb": ["It", "is", "packed"],
    }
    assert len(find([folder])[1]) == 6


def test_a_member_that_is_larger_than_it_says_is_not_read(folder, monkeypatch):
    """A zip that lies about sizes: what is read is bounded all the same."""
    monkeypatch.setattr(archives, "MAX_MEMBER", 1000)
    path = zipped(folder / "x.zip", {"a.ipynb": bytes(5000)})
    raw = path.read_bytes().replace((5000).to_bytes(4, "little"), (500).to_bytes(4, "little"))
    path.write_bytes(raw)
    with pytest.raises(Refused):
        read(path, ("a.ipynb",))


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"PK\x03\x04 and no more", "broken or cut off"),
        (b"", "broken or cut off"),
        (as_bytes({"a.ipynb": notebook() * 50})[:200], "broken or cut off"),
    ],
)
def test_a_broken_zip_is_a_sentence(folder, raw, words):
    (folder / "able.zip").write_bytes(raw)
    assert words in refused(folder)["able.zip"]


def test_a_locked_member_is_a_sentence(folder):
    raw = bytearray(as_bytes({"able.ipynb": notebook()}))
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    (folder / "x.zip").write_bytes(raw)
    assert refused(folder) == {"x.zip/able.ipynb": "It is locked with a password."}


def test_a_damaged_member_is_a_sentence_when_it_is_read(folder):
    raw = bytearray(as_bytes({"able.ipynb": notebook()}))
    raw[raw.index(zlib.compress(b"")[:0] + b"able.ipynb") + 12] ^= 0xFF
    (folder / "x.zip").write_bytes(raw)
    (one,) = find([folder])[1]
    with pytest.raises(Refused, match="could not be unpacked"):
        one.read()


def test_zips_in_zips_without_end_and_zips_of_too_much(folder, monkeypatch):
    raw = as_bytes({"a.ipynb": notebook()})
    for _ in range(5):
        raw = as_bytes({"x.zip": raw})
    (folder / "deep.zip").write_bytes(raw)
    assert "a zip in a zip" in next(iter(refused(folder).values()))
    monkeypatch.setattr(archives, "MAX_MEMBERS", 3)
    with pytest.raises(Refused, match="holds 4 files; at most 3"):
        members(zipped(folder / "many.zip", dict.fromkeys("abcd", "x")))
    monkeypatch.setattr(archives, "MAX_TOTAL", 3)
    with pytest.raises(Refused, match="would unpack to more"):
        members(zipped(folder / "large.zip", {"a": "x" * 10}))


def test_names_in_utf_8_that_a_zip_does_not_call_so(folder):
    raw = as_bytes({"J\u00f6rg_01_chain_rule.ipynb": notebook()})
    assert raw[7] & 0x08
    raw = raw.replace(b"\x00\x08\x08\x00", b"\x00\x00\x08\x00")
    (folder / "x.zip").write_bytes(raw)
    base, found = find([folder])
    assert [claim.student for claim in told(found, LESSONS, context=base.name).claims] == ["J\u00f6rg"]


@pytest.mark.slow
def test_5000_hand_ins_in_folders_and_zips_are_matched_in_10_s_and_300_mib(tmp_path):
    padding = "x" * 40_000
    files = [f"part{n % 7}.zip/Name {n}_{n}_assignsubmission_file_/01_chain_rule.ipynb" for n in range(2000)]
    files += [f"a/b/s{n:04}/hw/01_chain_rule.ipynb" for n in range(2000)]
    files += [f"c/u{n:04}_01_chain_rule (1).ipynb" for n in range(1000)]
    put(tmp_path / "class", files[2000:])
    for part in range(7):
        inside = {name.partition("/")[2]: content(name) + padding for name in files[part:2000:7]}
        zipped(tmp_path / "class" / f"part{part}.zip", inside)
    tracemalloc.start()
    began = time.monotonic()
    base, found = find([tmp_path / "class"])
    result = told(found, LESSONS, context=base.name)
    seconds, (_, peak) = time.monotonic() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len({claim.student for claim in result.claims}) == 5000
    assert seconds < 10 * 4  # tracing takes three times as long
    assert peak < 300 << 20
