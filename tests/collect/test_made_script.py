"""What is generated is what its parts give."""

from tools.make_collector import made


def test_script_and_table_are_what_their_parts_give() -> None:
    for path, text in made().items():
        assert path.read_text("ascii") == text, f"{path.name}: run python tools/make_collector.py"
