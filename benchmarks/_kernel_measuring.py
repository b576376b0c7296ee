"""How one case is measured, within one process whose allocator regime is set: times, memory, agreement, peaks."""

import json
import statistics
import time
import tracemalloc

import numpy as np


def measure(case, rounds, peaks):
    """Return one row as plain data: milliseconds, ratio to every peer, memory, growth and fraction of the peak."""
    functions = {"kernel": case.kernel, **case.peers}
    if case.doubled:
        functions["doubled"] = case.doubled
    gaps = {name: largest_difference(case.kernel(), peer()) for name, peer in case.peers.items()}
    for name, gap in gaps.items():
        if name not in case.incomparable and not gap <= case.same:
            raise AssertionError(f"{case.name}: the kernel and {name} differ by {gap:.1e}")
    times = interleaved(functions, rounds)
    ratios = {
        name: statistics.median(ours / theirs for ours, theirs in zip(times["kernel"], times[name], strict=True))
        for name in case.peers
    }
    seconds = statistics.median(times["kernel"])
    return {
        "name": case.name,
        "target": case.target,
        "ms": seconds * 1e3,
        "ratios": ratios,
        "gaps": gaps,
        "incomparable": sorted(case.incomparable),
        "memory": {name: peak_memory(function) for name, function in {"kernel": case.kernel, **case.peers}.items()},
        "doubled": case.doubled
        and statistics.median(b / a for a, b in zip(times["kernel"], times["doubled"], strict=True)),
        "peak": _fraction(case, seconds, peaks),
    }


def interleaved(functions, rounds):
    """CPU seconds of every function in every round; the order is A B C, then C B A, and so on."""
    order, times = list(functions), {name: [] for name in functions}
    calls = {name: _calls(function) for name, function in functions.items()}
    for number in range(rounds):
        for name in order if number % 2 == 0 else reversed(order):
            function = functions[name]
            start = time.process_time()
            for _ in range(calls[name]):
                function()
            times[name].append((time.process_time() - start) / calls[name])
    return times


def _calls(function, least=0.01):
    """How often a function must be called for the clock to see it well; it is warm afterwards."""
    function()
    start = time.process_time()
    function()
    return max(1, round(least / max(time.process_time() - start, 1e-6)))


def peak_memory(function):
    """The bytes that a call holds at most above what it found, results included; NumPy's arrays only, not torch's."""
    tracemalloc.start()
    try:
        function()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def largest_difference(ours, theirs):
    """By how much two results differ, relative to the size of their values; tuples are compared one by one."""
    if isinstance(ours, (tuple, list)):
        return max(largest_difference(a, b) for a, b in zip(ours, theirs, strict=True))
    ours, theirs = np.asarray(ours), np.asarray(theirs)
    if ours.shape != theirs.shape:
        raise AssertionError(f"shapes {ours.shape} and {theirs.shape}")
    if ours.size == 0:
        return 0.0
    return float(np.abs(ours - theirs).max() / max(1.0, np.abs(theirs).max()))


def machine_peaks(dtype):
    """Operations a second of a large matrix product, and bytes a second of c += a, on one thread: the best of five."""
    a = np.random.default_rng(0).normal(size=(1536, 1536)).astype(dtype)
    c, b = np.zeros(10_000_000, dtype), np.ones(10_000_000, dtype)
    product = min(_seconds(lambda: a @ a) for _ in range(5))
    addition = min(_seconds(lambda: np.add(c, b, out=c)) for _ in range(5))
    return {"flops": 2 * len(a) ** 3 / product, "bytes": 3 * c.nbytes / addition}


def _seconds(function):
    start = time.process_time()
    function()
    return time.process_time() - start


def _fraction(case, seconds, peaks):
    if case.flops:
        return f"{case.flops / seconds / peaks['flops']:.0%} of GEMM"
    if case.bytes:
        return f"{case.bytes / seconds / peaks['bytes']:.0%} of bandwidth"
    return ""


def report(row):
    """Tell the parent process one row."""
    print(json.dumps(row), flush=True)
