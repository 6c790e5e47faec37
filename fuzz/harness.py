"""What every fuzz target shares: command line, corpus, engine.

A target is a reader of bytes and the errors that it may raise; anything else that it raises is a finding. With atheris
the search follows the coverage of the reader's own code. Without it (atheris comes as wheels for a few platforms) the
same target runs on random mutations of its seeds. See README.md.
"""

import argparse
import contextlib
import hashlib
import importlib.util
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

LONGEST_INPUT = 16 * 1024
SLOWEST_RUN = 20  # seconds for one input, after which libFuzzer calls it a hang


@dataclass(frozen=True, kw_only=True)
class Target:
    """`check` takes hostile bytes and raises nothing but `allowed`. Inputs are made from `seeds` and `tokens`."""

    name: str
    check: Callable[[bytes], object]
    allowed: tuple[type[Exception], ...]
    seeds: Sequence[bytes]
    tokens: Sequence[bytes] = ()

    def run(self, data: bytes) -> None:
        with contextlib.suppress(*self.allowed):
            self.check(data)


def instrumented(*modules: str) -> AbstractContextManager[object]:
    """Import the code under test inside this: atheris then counts the coverage of `modules` and of what is below."""
    if not _has_atheris():
        return contextlib.nullcontext()
    import atheris  # noqa: PLC0415  # not everywhere there, and it takes over the process

    context: AbstractContextManager[object] = atheris.instrument_imports(include=list(modules))
    return context


def main(target: Target) -> None:
    """The command line of a target: `--seconds N`, or arguments of libFuzzer (`-max_total_time=60 FOLDER ...`)."""
    parser = argparse.ArgumentParser(description=f"Fuzz {target.name}.", allow_abbrev=False)
    parser.add_argument(
        "--seconds", type=int, help="stop after so many seconds; without it only a finding ends the run"
    )
    parser.add_argument(
        "--artifacts", default=".fuzz", type=Path, help="folder for inputs that are findings (default: .fuzz)"
    )
    parser.add_argument("--random", action="store_true", help="random mutations, even where atheris is installed")
    arguments, for_libfuzzer = parser.parse_known_args()
    arguments.artifacts.mkdir(parents=True, exist_ok=True)
    if _has_atheris() and not arguments.random:
        _search_by_coverage(target, arguments.seconds, arguments.artifacts, for_libfuzzer)
    else:
        seconds = arguments.seconds or _libfuzzer_seconds(for_libfuzzer)
        tried = search(target, seconds, arguments.artifacts)
        print(f"{target.name}: {tried} random inputs, no finding")


def search(target: Target, seconds: float | None, artifacts: Path, *, seed: int | None = None) -> int:
    """Random mutations for so many seconds. Gives how many; a finding is written to `artifacts` and raised."""
    source = random.Random(seed)
    end = None if seconds is None else time.monotonic() + seconds
    tried = 0
    for data in mutations(target.seeds, target.tokens, source):
        if end is not None and time.monotonic() >= end:
            break
        try:
            target.run(data)
        except BaseException:
            finding = artifacts / f"{target.name}-{hashlib.sha256(data).hexdigest()[:16]}.bin"
            finding.write_bytes(data)
            print(f"finding: {finding}", file=sys.stderr)
            raise
        tried += 1
    return tried


def mutations(seeds: Sequence[bytes], tokens: Sequence[bytes], source: random.Random) -> Iterator[bytes]:
    """Inputs without end: a seed, changed in one to eight places."""
    while True:
        data = bytearray(source.choice(seeds))
        for _ in range(source.randint(1, 8)):
            source.choice(_CHANGES)(data, seeds, tokens, source)
        yield bytes(data[:LONGEST_INPUT])


Change = Callable[[bytearray, Sequence[bytes], Sequence[bytes], random.Random], None]


def _flip(data: bytearray, _seeds: Sequence[bytes], _tokens: Sequence[bytes], source: random.Random) -> None:
    if data:
        data[source.randrange(len(data))] ^= 1 << source.randrange(8)


def _cut(data: bytearray, _seeds: Sequence[bytes], _tokens: Sequence[bytes], source: random.Random) -> None:
    start = source.randint(0, len(data))
    del data[start : start + source.randint(1, 64)]


def _truncate(data: bytearray, _seeds: Sequence[bytes], _tokens: Sequence[bytes], source: random.Random) -> None:
    del data[source.randint(0, len(data)) :]


def _repeat(data: bytearray, _seeds: Sequence[bytes], _tokens: Sequence[bytes], source: random.Random) -> None:
    start = source.randint(0, len(data))
    part = data[start : start + source.randint(1, 256)]
    data[start:start] = part * source.randint(1, 4)


def _insert(data: bytearray, _seeds: Sequence[bytes], tokens: Sequence[bytes], source: random.Random) -> None:
    start = source.randint(0, len(data))
    data[start:start] = source.choice(tokens) if tokens else source.randbytes(source.randint(1, 8))


def _replace(data: bytearray, _seeds: Sequence[bytes], tokens: Sequence[bytes], source: random.Random) -> None:
    """One token for another: what keeps a structured input well-formed more often than any other change."""
    there = [token for token in tokens if token in data]
    if there:
        old = source.choice(there)
        occurrences = [at for at in range(len(data)) if data.startswith(old, at)]
        start = source.choice(occurrences)
        data[start : start + len(old)] = source.choice(tokens)


def _splice(data: bytearray, seeds: Sequence[bytes], _tokens: Sequence[bytes], source: random.Random) -> None:
    other = source.choice(seeds)
    start = source.randint(0, len(other))
    at = source.randint(0, len(data))
    data[at:at] = other[start : start + source.randint(1, 512)]


_CHANGES: Sequence[Change] = (_flip, _cut, _truncate, _repeat, _insert, _replace, _splice)


def _search_by_coverage(target: Target, seconds: int | None, artifacts: Path, for_libfuzzer: list[str]) -> None:
    import atheris  # noqa: PLC0415

    def change(data: bytes, longest: int, seed: int) -> bytes:
        """Half of the changes are libFuzzer's, of bytes; the other half are ours, of tokens and parts of seeds."""
        source = random.Random(seed)
        if source.random() < 0.5:
            changed: bytes = atheris.Mutate(data, longest)
            return changed
        ours = bytearray(data)
        source.choice(_CHANGES)(ours, target.seeds, target.tokens, source)
        return bytes(ours[:longest])

    seeds = artifacts / f"{target.name}.seeds"
    seeds.mkdir(exist_ok=True)
    for number, seed in enumerate(target.seeds):
        seeds.joinpath(f"{number:04}").write_bytes(seed)
    tokens = artifacts / f"{target.name}.tokens"
    tokens.write_text("".join(f'"{_dictionary_form(token)}"\n' for token in target.tokens), "ascii")
    options = [f"-dict={tokens}", f"-max_len={LONGEST_INPUT}", f"-timeout={SLOWEST_RUN}", "-rss_limit_mb=3072"]
    options.append(f"-artifact_prefix={artifacts}/{target.name}-")
    if seconds is not None:
        options.append(f"-max_total_time={seconds}")
    # Of an option given twice libFuzzer takes the last. The first folder is where it keeps what it learns.
    given = [each for each in for_libfuzzer if each.startswith("-")]
    paths = [each for each in for_libfuzzer if not each.startswith("-")]
    if not paths:
        paths = [str(artifacts / target.name)]
        Path(paths[0]).mkdir(exist_ok=True)
    if not any(Path(each).is_file() for each in paths):
        paths.append(str(seeds))
    atheris.Setup([sys.argv[0], *options, *given, *paths], target.run, custom_mutator=change)
    atheris.Fuzz()


def _dictionary_form(token: bytes) -> str:
    return "".join(chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\x{byte:02x}" for byte in token)


def _libfuzzer_seconds(options: Sequence[str]) -> int | None:
    """Makefiles speak to every target alike: what libFuzzer calls -max_total_time holds for random mutations too."""
    given = [option.partition("=")[2] for option in options if option.startswith("-max_total_time=")]
    return int(given[-1]) if given else None


def _has_atheris() -> bool:
    return importlib.util.find_spec("atheris") is not None
