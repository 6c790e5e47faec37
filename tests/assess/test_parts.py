"""The parts of a profile, answered: what each comes to, and that nothing unknown passes for an answer."""

from __future__ import annotations

import datetime

import pytest

from hypervigil.assess.assessment import Assessment, assess
from hypervigil.assess.parts import Answer, PartAnswer
from hypervigil.assess.profiles import parse_profile, shipped_profile
from hypervigil.formats.toml_text import TomlInputError
from hypervigil.model.profile import GroupKind, Profile, ProfileGroup
from hypervigil.model.waiver import Waiver
from tests.assess.planted import evidence, plant, says

TODAY = datetime.date(2026, 11, 24)
CONTROLS = [plant(id="PLT-901"), plant(id="PLT-902", severity=plant().control.severity)]


def profile(*controls: str, kind: GroupKind = GroupKind.MISTAKES) -> Profile:
    group = ProfileGroup(name="one", title="The first", controls=controls)
    return Profile(name="p", select=("PLT-901", "PLT-902"), groups=(group,), groups_are=kind)


def judged(first: str, second: str, asked: Profile, *waivers: Waiver) -> Assessment:
    bundle = evidence({"HV01": (says(first),), "HV02": (says(second),)})
    return assess(bundle, CONTROLS, profile=asked, waivers=waivers, today=TODAY)


def part(first: str, second: str, *controls: str, waivers: tuple[Waiver, ...] = ()) -> PartAnswer:
    (found,) = judged(first, second, profile(*(controls or ("PLT-901",))), *waivers).parts
    return found


ACCEPTED = Waiver(control="PLT-901", subject="*", reason="r", owner="o", expires=datetime.date(2027, 1, 1))


@pytest.mark.parametrize(
    ("first", "second", "answer", "words"),
    [
        ("BAD", "GOOD", Answer.FAILS, "made"),
        ("BAD", "DARK", Answer.FAILS, "made"),
        ("GOOD", "GOOD", Answer.HOLDS, "not made"),
        ("GOOD", "DARK", Answer.UNDECIDED, "undecided"),
        ("GOOD", "ODD", Answer.UNDECIDED, "undecided"),
    ],
)
def test_what_a_part_comes_to(first: str, second: str, answer: Answer, words: str) -> None:
    found = part(first, second)
    assert (found.answer, found.words, found.title) == (answer, words, "The first")


def test_each_control_stands_where_it_belongs() -> None:
    found = part("BAD", "DARK")
    assert [(told.control, told.subjects) for told in found.fails] == [("PLT-901", ("HV01",))]
    assert [(told.control, told.subjects) for told in found.unknown] == [("PLT-901", ("HV02",))]
    assert found.facts == ("operating_system",)
    assert not found.holds
    assert part("GOOD", "GOOD").holds == ("PLT-901",)


def test_a_fact_that_is_missing_is_named() -> None:
    bundle = evidence({"HV01": (says("GOOD"),), "HV02": ()})
    (found,) = assess(bundle, CONTROLS, profile=profile("PLT-901"), today=TODAY).parts
    assert found.answer is Answer.UNDECIDED
    assert [gap.fact for gap in found.unknown[0].missing] == ["operating_system"]


def test_a_control_that_is_not_built_leaves_it_undecided_and_hides_no_failure() -> None:
    found = part("GOOD", "GOOD", "PLT-901", "PLT-999")
    assert (found.answer, found.not_built) == (Answer.UNDECIDED, ("PLT-999",))
    assert part("BAD", "GOOD", "PLT-901", "PLT-999").answer is Answer.FAILS
    assert part("GOOD", "GOOD", "PLT-999").answer is Answer.UNDECIDED


def test_what_is_accepted_is_said_to_be() -> None:
    found = part("BAD", "GOOD", waivers=(ACCEPTED,))
    assert (found.answer, found.words) == (Answer.ACCEPTED, "made, and accepted")
    assert [told.control for told in found.waived] == ["PLT-901"]
    assert part("BAD", "DARK", waivers=(ACCEPTED,)).answer is Answer.UNDECIDED


def test_areas_hold_or_fail() -> None:
    (found,) = judged("GOOD", "GOOD", profile("PLT-901", kind=GroupKind.AREAS)).parts
    assert found.words == "holds"


def test_a_profile_without_groups_has_no_parts() -> None:
    assert judged("GOOD", "GOOD", Profile(name="p", select=("PLT-901",))).parts == ()


def test_the_shipped_mistakes_are_seven_and_are_read_as_mistakes() -> None:
    shipped = shipped_profile("mistakes")
    assert (len(shipped.groups), shipped.groups_are) == (7, GroupKind.MISTAKES)


def no_files(_path: str) -> bytes:
    raise AssertionError


def test_a_profile_says_how_its_groups_are_read() -> None:
    own = parse_profile(b'name = "x"\nextends = "mistakes"\n', "x.toml", no_files)
    assert own.groups_are is GroupKind.MISTAKES
    own = parse_profile(b'name = "x"\nextends = "mistakes"\ngroups_are = "areas"\n', "x.toml", no_files)
    assert own.groups_are is GroupKind.AREAS
    with pytest.raises(TomlInputError, match="mistakes"):
        parse_profile(b'name = "x"\nselect = ["*"]\ngroups_are = "sins"\n', "x.toml", no_files)
