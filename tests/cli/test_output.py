"""Writing files: never half, never through a folder that is not there, links and permissions kept."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from hypervigil.cli.output import OutputError, captured, check_writable, emit, quoted, write_file

posix = pytest.mark.skipif(os.name == "nt", reason="of POSIX systems")


def breaking(error: BaseException) -> Iterator[bytes]:
    yield b"half"
    raise error


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt(), MemoryError()])
def test_what_breaks_off_leaves_the_old_file_and_nothing_else(tmp_path: Path, error: BaseException) -> None:
    target = tmp_path / "report.json"
    target.write_bytes(b"old")
    with pytest.raises(OutputError if isinstance(error, OSError) else type(error)):
        write_file(target, breaking(error))
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


@posix
def test_permissions_of_the_old_file_stay(tmp_path: Path) -> None:
    target = tmp_path / "report.json"
    target.write_bytes(b"old")
    target.chmod(0o600)
    write_file(target, [b"new"])
    assert (target.read_bytes(), stat.S_IMODE(target.stat().st_mode)) == (b"new", 0o600)


@posix
def test_a_link_goes_on_pointing_at_the_file(tmp_path: Path) -> None:
    real, link = tmp_path / "real.json", tmp_path / "link.json"
    link.symlink_to(real)
    write_file(link, [b"first"])
    write_file(link, [b"second"])
    assert link.is_symlink()
    assert real.read_bytes() == b"second"


@posix
def test_a_loop_of_links_is_told(tmp_path: Path) -> None:
    link = tmp_path / "link.json"
    link.symlink_to(link)
    with pytest.raises(OutputError, match="can not be written"):
        write_file(link, [b"x"])


def test_a_name_that_no_file_system_has(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="can not be written: File name too long"):
        write_file(tmp_path / ("x" * 300), [b"x"])


@pytest.mark.parametrize(("name", "said"), [(".", "it is a folder"), ("no/where/report", "its folder does not exist")])
def test_what_could_not_be_written_is_refused_early(tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(OutputError, match=said):
        check_writable(tmp_path / name)


def test_what_could_be_written_is_not_touched_early(tmp_path: Path) -> None:
    check_writable(tmp_path / "report.json")
    assert list(tmp_path.iterdir()) == []


def test_long_text_is_written_whole_and_half_characters_too(tmp_path: Path) -> None:
    text = "é\U0001f512\r\n" * 700_000 + "\ud800"
    emit(text, tmp_path / "text")
    assert (tmp_path / "text").read_bytes() == text.encode("utf-8", "backslashreplace")


def test_captured_text_has_no_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert captured(lambda out: out.print("[bold]x[/bold]")) == "x\n"


@posix
@pytest.mark.parametrize(("path", "typed"), [("plain/name", "plain/name"), ("a b", "'a b'"), ("it's", "'it'\"'\"'s'")])
def test_paths_are_shown_as_they_are_typed(path: str, typed: str) -> None:
    assert quoted(Path(path)) == typed
