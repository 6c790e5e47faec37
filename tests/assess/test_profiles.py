"""Profiles: those that ship, and what people may write."""

from __future__ import annotations

from pathlib import PurePath

import pytest

from hypervigil.assess.compile import CompiledControl
from hypervigil.assess.engine import judge
from hypervigil.assess.profiles import SHIPPED, not_built, parse_profile, shipped_profile
from hypervigil.assess.registry import compiled_controls
from hypervigil.controls.registry import CATALOGUE
from hypervigil.formats.toml_text import TomlInputError
from hypervigil.model.grading import Severity
from hypervigil.model.outcome import Outcome
from hypervigil.model.profile import EVERYTHING, Profile, SeverityOverride
from hypervigil.synthetic import defaults
from tests.controls.case import Case

FILES = {
    "team.toml": "name = 'team'\nselect = ['SMB-00?']\n[severity.SMB-002]\nseverity = 'high'\nreason = 'all sign'",
    "sub/deeper.toml": "name = 'deeper'\nextends = '../team.toml'\nexclude = ['SMB-009']",
    "loud.toml": "name = 'loud'\nselect = ['SMB-002']\n[severity.SMB-002]\nseverity = 'critical'\nreason = 'an audit'",
    "one.toml": "name = 'one'\nextends = 'two.toml'",
    "two.toml": "name = 'two'\ngroups = ['no-detection', 'one.toml']",
    "slow.toml": "name = 'slow'\nselect = ['SMB-006']\n[parameters.SMB-006]\nminimum_delay_ms = 9000",
    "slower.toml": "name = 'slower'\nselect = ['SMB-006']\n[parameters.SMB-006]\nminimum_delay_ms = 10000",
    "broken.toml": "name = 'broken'\nselect = ['SMB-099']",
    **{f"deep{n}.toml": f"name = 'deep'\nextends = 'deep{n + 1}.toml'" for n in range(12)},
}


def load(path: str) -> bytes:
    name = PurePath(path).as_posix()
    if name not in FILES:
        raise FileNotFoundError(2, "No such file or directory", path)
    return FILES[name].encode()


def parsed(text: str, file: str = "mine.toml") -> Profile:
    return parse_profile(text.encode(), file, load)


MISTAKES = {
    "credential-guard-off": "PLT-002 PLT-003 PLT-013 LM-001 LM-002 LM-003 LM-004",
    "nodes-as-workstations": "IDN-004 IDN-014 MGT-002 MGT-003 MGT-010 MGT-019",
    "stale-service-accounts": "IDN-001 IDN-002 IDN-003 IDN-006 IDN-011",
    "signing-exemption": "SMB-001 SMB-003 SMB-004 SMB-005 SMB-018",
    "trust-boundary": "LM-009 IDN-003 IDN-014 MGT-002 MGT-004 MGT-013 NET-001 NET-003 CLU-004",
    "drivers-unvalidated": "PLT-017 PLT-018 PLT-019 PLT-020 PLT-022",
    "no-detection": "LOG-001 LOG-002 LOG-003 LOG-004 LOG-005 LOG-006 LOG-007 LOG-008 LOG-012",
}
"""The seven groups, from the catalogue."""


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_profile_is_one(name: str) -> None:
    profile = shipped_profile(name)
    assert profile.name == name
    assert profile.title
    assert profile.select
    assert set(profile.select) <= set(CATALOGUE)


def test_nothing_else_ships() -> None:
    with pytest.raises(KeyError):
        shipped_profile("../../pyproject")


def test_default_is_everything() -> None:
    default = shipped_profile("default")
    assert default.select == CATALOGUE
    assert (default.name, default.title) == (EVERYTHING.name, EVERYTHING.title)


@pytest.mark.parametrize("name", MISTAKES)
def test_the_profile_of_each_mistake(name: str) -> None:
    assert " ".join(shipped_profile(name).select) == MISTAKES[name]


def test_mistakes_are_the_seven_groups() -> None:
    profile = shipped_profile("mistakes")
    assert {group.name: " ".join(group.controls) for group in profile.groups} == MISTAKES
    assert [group.title for group in profile.groups] == [shipped_profile(name).title for name in MISTAKES]
    united = {control for controls in MISTAKES.values() for control in controls.split()}
    assert set(profile.select) == united


def test_quick_needs_no_elevation() -> None:
    """Every built control whose required facts an ordinary user can read, and no other."""

    def unelevated(compiled: CompiledControl) -> bool:
        required = [need.fact.INFO for need in (*compiled.conditions, *compiled.needs) if not need.optional]
        return not any(info.elevated for info in required)

    built = {compiled.control.id: compiled for compiled in compiled_controls()}
    selected = {control for control in shipped_profile("quick").select if control in built}
    assert selected == {control for control, compiled in built.items() if unelevated(compiled)}


def test_workgroup_asks_what_a_workgroup_has() -> None:
    profile = shipped_profile("workgroup")
    assert [control for control in CATALOGUE if control.startswith("WGC")] == [
        control for control in profile.select if control.startswith("WGC")
    ]
    assert not {"LM-001", "LM-003", "IDN-007", "PLT-004"} & set(profile.select)


def test_not_built() -> None:
    built = compiled_controls()
    profile = parsed("name = 'x'\nselect = ['SMB-007', 'SMB-020', 'SMB-004']")
    # Every control of the probe reads the wire, which is a later part.
    assert not_built(profile, built) == ("SMB-004", "SMB-020")
    assert set(not_built(EVERYTHING, built)) == set(CATALOGUE) - {compiled.control.id for compiled in built}
    assert not_built(EVERYTHING, ()) == CATALOGUE


@pytest.mark.parametrize(
    ("text", "selected"),
    [
        ("select = ['SMB-001', 'LM-0?1']", "LM-001 LM-011 SMB-001"),
        ("select = ['SMB-00*']\nexclude = ['SMB-00[1-7]']", "SMB-008 SMB-009"),
        ("extends = 'signing-exemption'\nexclude = ['SMB-018', 'SMB-005']", "SMB-001 SMB-003 SMB-004"),
        ("extends = 'signing-exemption'\nselect = ['CLU-001']", "SMB-001 SMB-003 SMB-004 SMB-005 SMB-018 CLU-001"),
        ("extends = 'sub/deeper.toml'", "SMB-001 SMB-002 SMB-003 SMB-004 SMB-005 SMB-006 SMB-007 SMB-008"),
        (
            "extends = 'sub/deeper.toml'\nselect = ['SMB-009']\nexclude = ['SMB-00[1-8]']",
            "SMB-009",
        ),
        (
            "groups = ['drivers-unvalidated', 'loud.toml']\nexclude = ['PLT-02?']",
            "PLT-017 PLT-018 PLT-019 SMB-002",
        ),
    ],
)
def test_selection(text: str, selected: str) -> None:
    assert " ".join(parsed(f"name = 'x'\n{text}").select) == selected


def test_title_severity_and_groups() -> None:
    text = """
        name = "ours"
        title = "Ours"
        extends = "team.toml"
        groups = ["no-detection"]
        [severity.SMB-001]
        severity = "low"
        reason = "isolated"
        [parameters.SMB-006]
    """
    profile = parsed(text)
    assert (profile.name, profile.title, profile.parameters) == ("ours", "Ours", {})
    assert profile.severity == {
        "SMB-001": SeverityOverride(severity=Severity.LOW, reason="isolated"),
        "SMB-002": SeverityOverride(severity=Severity.HIGH, reason="all sign"),
    }
    assert [(group.name, len(group.controls)) for group in profile.groups] == [("no-detection", 9)]


def test_groups_are_inherited() -> None:
    profile = parsed("name = 'x'\nextends = 'mistakes'\ngroups = ['quick']")
    assert [group.name for group in profile.groups] == [*MISTAKES, "quick"]


def test_own_severity_beats_that_of_either_base() -> None:
    own = "[severity.SMB-002]\nseverity = 'medium'\nreason = 'we know better'"
    profile = parsed(f"name = 'x'\nextends = 'team.toml'\ngroups = ['loud.toml']\n{own}")
    assert profile.severity["SMB-002"].severity is Severity.MEDIUM


def test_two_ways_to_one_profile_are_no_circle() -> None:
    assert parsed("name = 'x'\nextends = 'team.toml'\ngroups = ['team.toml', 'sub/deeper.toml']").select


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title = 'x'", "mine.toml: name: this key is missing; expected a text in quotes. Add it."),
        (
            "name = 'x'\nselects = ['*']",
            (
                "mine.toml:2: selects: this key is not known; expected one of name, title, extends, groups, "
                "groups_are, select, exclude, severity, parameters. Did you mean select?"
            ),
        ),
        (
            "name = 'x'\nselect = '*'",
            'mine.toml:2: select: this is a text; expected a list of texts, such as ["SMB-*"].',
        ),
        (
            "name = 'x'\nselect = [\n 'SMB-001',\n 'SMB-0011',\n]",
            (
                "mine.toml:4: select[2]: SMB-0011 is no control of the catalogue; expected an id such as SMB-002. "
                "Did you mean SMB-001?"
            ),
        ),
        (
            "name = 'x'\nselect = ['smb-002']",
            (
                "mine.toml:2: select[1]: smb-002 is no control of the catalogue; expected an id such as SMB-002. "
                "Did you mean SMB-002?"
            ),
        ),
        (
            "name = 'x'\nselect = ['*']\nexclude = ['SBM-*']",
            (
                "mine.toml:3: exclude[1]: SBM-* matches no control of the catalogue; expected a pattern over ids of "
                "the families PLT, LM, SMB, IDN, WGC, SHV, MGT, NET, LOG, CLU."
            ),
        ),
        (
            "name = 'x'",
            (
                "mine.toml: the profile selects no control; expected extends, groups or select to give at least one "
                "that "
                'exclude leaves. To select every control: select = ["*"].'
            ),
        ),
        (
            "name = 'x'\nextends = 'quick'\nexclude = ['*']",
            (
                "mine.toml: the profile selects no control; expected extends, groups or select to give at least one "
                "that "
                'exclude leaves. To select every control: select = ["*"].'
            ),
        ),
        (
            "name = 'x'\nextends = 'quik'",
            (
                "mine.toml:2: extends: no profile quik ships; expected a path that ends in .toml, or one of default, "
                "quick, upgrade-2025, workgroup, hoster, mistakes, credential-guard-off, nodes-as-workstations, "
                "stale-service-accounts, signing-exemption, trust-boundary, drivers-unvalidated, no-detection. "
                "Did you mean quick?"
            ),
        ),
        (
            "name = 'x'\nextends = ['quick']",
            "mine.toml:2: extends: this is a list; expected a text in quotes.",
        ),
        (
            "name = 'x'\n\ngroups = [\n'quick',\n'away.toml',\n]",
            (
                "mine.toml:5: groups[2]: away.toml can not be read (No such file or directory). Paths are relative "
                "to the "
                "folder of this file."
            ),
        ),
        (
            "name = 'x'\nextends = 'mine.toml'",
            "mine.toml:2: extends: the profiles build on one another in a circle: mine.toml -> mine.toml.",
        ),
        (
            "name = 'x'\nextends = 'one.toml'",
            "two.toml:2: groups[2]: the profiles build on one another in a circle: one.toml -> two.toml -> one.toml.",
        ),
        (
            "name = 'x'\nextends = 'deep0.toml'",
            "deep7.toml:2: extends: more than 8 profiles stand behind one another.",
        ),
        (
            "name = 'x'\nextends = 'broken.toml'",
            (
                "broken.toml:2: select[1]: SMB-099 is no control of the catalogue; expected an id such as SMB-002. "
                "Did you mean SMB-009?"
            ),
        ),
        (
            "name = 'x'\nselect = ['*']\n[severity.SMB-02]\nseverity = 'high'\nreason = 'r'",
            (
                "mine.toml:3: severity.SMB-02: SMB-02 is no control of the catalogue; expected an id such as SMB-002. "
                "Did you mean SMB-002?"
            ),
        ),
        (
            "name = 'x'\nselect = ['LM-*']\n[severity.SMB-002]\nseverity = 'high'\nreason = 'r'",
            "mine.toml:3: severity.SMB-002: the profile does not select SMB-002. Select it, or drop this.",
        ),
        (
            "name = 'x'\nselect = ['*']\n[severity.SMB-002]\nseverity = 'highest'\nreason = 'r'",
            (
                'mine.toml:4: severity.SMB-002.severity: "highest" is not possible; expected one of critical, high, '
                "medium, low. Did you mean high?"
            ),
        ),
        (
            "name = 'x'\nselect = ['*']\n[severity.SMB-002]\nseverity = 'info'\nreason = 'r'",
            (
                'mine.toml:4: severity.SMB-002.severity: "info" is not possible; expected one of critical, high, '
                "medium, low."
            ),
        ),
        (
            "name = 'x'\nselect = ['*']\n[severity.SMB-002]\nseverity = 'low'",
            "mine.toml:3: severity.SMB-002.reason: this key is missing; expected a text in quotes. Add it.",
        ),
        (
            "name = 'x'\nselect = ['*']\n[severity]\nSMB-002 = 'low'",
            "mine.toml:4: severity.SMB-002: this is a text; expected a table that begins with [severity.SMB-002].",
        ),
        (
            "name = 'x'\nextends = 'team.toml'\ngroups = ['loud.toml']",
            (
                "mine.toml: the severity of SMB-002 is high in team and critical in loud. Decide here, with "
                "[severity.SMB-002]."
            ),
        ),
        (
            "name = 'x'\nselect = ['*']\n[parameters.SMB-006]\ndelay = 5000",
            "mine.toml:4: parameters.SMB-006.delay: SMB-006 has no parameter delay. It has minimum_delay_ms.",
        ),
        (
            "name = 'x'\nselect = ['*']\n[parameters.SMB-002]\ndelay = 5000",
            "mine.toml:4: parameters.SMB-002.delay: SMB-002 has no parameter delay. It declares none: take this out.",
        ),
        (
            "name = 'x'\nselect = ['*']\n[parameters.SMB-006]\nminimum_delay_ms = 'long'",
            "mine.toml:4: parameters.SMB-006.minimum_delay_ms: the value does not fit: Expected `int`, got `str`.",
        ),
        (
            "name = 'x'\nselect = ['*']\n[parameters.SMB-006]\nminimum_delay_ms = 7",
            "mine.toml:4: parameters.SMB-006.minimum_delay_ms: the value does not fit: Expected `int` >= 100.",
        ),
        (
            "name = 'x'\ngroups = ['slow.toml', 'slower.toml']",
            (
                "mine.toml: minimum_delay_ms of SMB-006 is 9000 in one profile and 10000 in slower. Decide here, with "
                "[parameters.SMB-006]."
            ),
        ),
        (
            "name = 'x'\nselect = ['*']\n[parameters.XYZ-001]",
            "mine.toml:3: parameters.XYZ-001: XYZ-001 is no control of the catalogue; expected an id such as SMB-002.",
        ),
    ],
)
def test_errors(text: str, message: str) -> None:
    with pytest.raises(TomlInputError) as caught:
        parsed(text)
    assert str(caught.value) == message


def test_a_parameter_reaches_its_control() -> None:
    profile = parsed("name = 'x'\nselect = ['SMB-006']\n[parameters.SMB-006]\nminimum_delay_ms = 5000")
    evidence = Case("", Outcome.FAIL, node=(defaults.operating_system(), defaults.smb_server())).evidence
    usual = judge(evidence, compiled_controls()).findings
    tuned = judge(evidence, compiled_controls(), profile).findings
    assert [f.outcome for f in usual if f.control == "SMB-006"] == [Outcome.PASS]
    assert [f.outcome for f in tuned] == [Outcome.FAIL]


def test_parameters_are_inherited_and_may_be_set_again() -> None:
    assert parsed("name = 'x'\nextends = 'slow.toml'").parameters == {"SMB-006": {"minimum_delay_ms": 9000}}
    again = parsed("name = 'x'\nextends = 'slow.toml'\n[parameters.SMB-006]\nminimum_delay_ms = 3000")
    assert again.parameters == {"SMB-006": {"minimum_delay_ms": 3000}}
    decided = parsed("name = 'x'\ngroups = ['slow.toml', 'slower.toml']\n[parameters.SMB-006]\nminimum_delay_ms = 3000")
    assert decided.parameters == {"SMB-006": {"minimum_delay_ms": 3000}}
