"""How fast the kernels are beside named peers in the same run.

    course bench kernels [FAMILY ...] [--rounds 9] [--write]

One BLAS thread, CPU time (`process_time`), rounds in the order A B C, C B A, ...; a ratio is the median of the rounds'
ratios, below 1 where the kernel is faster. Everything is measured twice, in a process of its own each time, because the
allocator decides more than most tricks do: W is warm (memory stays with the process, the fair comparison), D is the
default of the C library, what a user sees who does nothing. Targets are against W. Peers that are not installed are
left out: torch, SciPy and POT come with the extra `oracles`.
"""

# ruff: noqa: E402
import os

for variable in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ[variable] = "1"  # before NumPy is imported

import argparse
import importlib
import json
import pkgutil
import platform
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
from _kernel_measuring import machine_peaks, measure, report

import kernel_cases

HERE = Path(__file__).parent
WARM = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": "100000000000", "MALLOC_TOP_PAD_": "268435456"}
FAMILIES = sorted(module.name for module in pkgutil.iter_modules(kernel_cases.__path__) if module.name[0] != "_")


def measure_here(families, rounds):
    """Measure in this process, and print one line of JSON a case."""
    for dtype in (np.float32, np.float64):
        peaks = machine_peaks(dtype)
        for family in families:
            cases = importlib.import_module(f"kernel_cases.{family}").cases
            for case in cases(np.dtype(dtype), np.random.default_rng(0)):
                report({"family": family, "dtype": np.dtype(dtype).name} | measure(case, rounds, peaks))


def measured(families, rounds, regime):
    """Measure in a fresh process with the allocator of a regime."""
    command = [sys.executable, __file__, *families, "--rounds", str(rounds), "--here"]
    environment = os.environ | (WARM if regime == "W" else {})
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        rows = []
        for line in process.stdout:
            rows.append(json.loads(line))
            print(f"\r{regime} {rows[-1]['family']}: {rows[-1]['name']:50}", end="", file=sys.stderr, flush=True)
    if process.returncode:
        sys.exit("A case failed; its reason stands above.")
    return rows


def table(warm, default):
    """The rows of both regimes as Markdown, family by family."""
    lines, family = [], None
    for w, d in zip(warm, default, strict=True):
        if (w["family"], w["dtype"]) != family:
            family = w["family"], w["dtype"]
            lines += ["", f"## {w['family']}, {w['dtype']}", "", HEAD, "|---|---|---:|---:|---|---:|---:|---|"]
        lines += rows_of(w, d)
    return "\n".join(lines) + "\n"


HEAD = "| kernel | ms, of the peak | peer | ratio W, D | target, W | memory MiB, theirs | doubled | difference |"


def rows_of(w, d):
    """One line for each peer; what belongs to the kernel stands in the first."""
    for number, (peer, ratio) in enumerate(w["ratios"].items()):
        first = number == 0
        named = (w["name"], f"{w['ms']:.3g} {w['peak']}".strip()) if first else ("", "")
        target = f"≤ {w['target']:g} {'met' if ratio <= w['target'] else 'MISSED'}" if first and w["target"] else ""
        theirs = "" if "torch" in peer else f", {w['memory'][peer] / 2**20:.1f}"
        memory = f"{w['memory']['kernel'] / 2**20:.1f}{theirs}"
        doubled = f"{w['doubled']:.2f}" if first and w["doubled"] else ""
        gap = f"{w['gaps'][peer]:.0e}" + (" (less exact)" if peer in w["incomparable"] else "")
        cells = (*named, peer, f"{ratio:.2f}, {d['ratios'][peer]:.2f}", target, memory, doubled, gap)
        yield "| " + " | ".join(cells) + " |"


def heading(arguments):
    """What a reader must know to repeat the run."""
    installed = [f"{name} {_version(name)}" for name in ("numpy", "scipy", "torch", "POT") if _version(name)]
    how = " ".join(["course bench kernels", *arguments])
    made = f"Made by `{how}` with Python {platform.python_version()}, {', '.join(installed)}."
    return f"# How fast the kernels are\n\n{made}\n"


def put_into(page, text):
    """The page with the tables of `text` in place of its own of these families, and what made them on top."""
    (top, *old), (made, *new) = (one.split("\n## ") for one in (page, text))
    fresh = {one.partition("\n")[0]: one.strip("\n") for one in new}
    tables = {one.partition("\n")[0]: one.strip("\n") for one in old} | fresh
    families = ", ".join(sorted({title.partition(",")[0] for title in fresh}))
    told = [line for line in top.splitlines()[1:] if line and not line.startswith(f"{families}: ")]
    told.append(f"{families}: {made.splitlines()[2]}")
    ordered = sorted(tables, key=lambda title: (title.partition(", ")[2], title))
    return "\n\n## ".join(["\n\n".join([page.splitlines()[0], *told]), *(tables[title] for title in ordered)]) + "\n"


def _version(name):
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def main():
    parser = argparse.ArgumentParser(description="Compare the kernels with their peers.")
    parser.add_argument("families", nargs="*", choices=[*FAMILIES, []], default=[], help=f"of {', '.join(FAMILIES)}")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--write", action="store_true", help="write benchmarks/kernels.md")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    families = chosen.families or FAMILIES
    if chosen.here:
        return measure_here(families, chosen.rounds)
    text = heading(sys.argv[1:]) + table(*(measured(families, chosen.rounds, regime) for regime in "WD"))
    print(f"\r{text}")
    if chosen.write:
        whole = text if families == FAMILIES else put_into((HERE / "kernels.md").read_text(encoding="utf-8"), text)
        (HERE / "kernels.md").write_text(whole, encoding="utf-8")


if __name__ == "__main__":
    main()
