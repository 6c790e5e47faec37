"""CLIXML files recorded on Windows Server 2016 (shared/data/clixml): values that their text shows."""

from datetime import datetime, timedelta, timezone

import pytest

from hypervigil.formats.clixml import ClixmlError, EnumValue, PSObject, parse
from tests.shared import shared_data


def an_object(value: object) -> PSObject:
    assert isinstance(value, PSObject)
    return value


def recorded(name: str) -> list[object]:
    return parse(shared_data("clixml", "server2016", name).read_bytes())


def recorded_object(name: str, number: int = 0) -> PSObject:
    return an_object(recorded(name)[number])


def test_every_recorded_file_is_read() -> None:
    files = sorted(shared_data("clixml", "server2016").glob("*.xml"))
    assert len(files) == 31
    counts = {file.name: len(parse(file.read_bytes())) for file in files if file.name != "Antimalware.xml"}
    assert counts["GetService.xml"] == 245
    assert counts["GetWindowsFeature.xml"] == 263
    assert [name for name, count in counts.items() if count == 0] == ["Win32_PageFileSetting.xml"]


def test_a_file_that_is_something_else_is_named_by_its_root() -> None:
    with pytest.raises(ClixmlError, match="root element is Definition") as caught:
        recorded("Antimalware.xml")
    assert "Objs" in caught.value.expected


def test_smb_server_configuration() -> None:
    smb = recorded_object("GetSmbServerConfiguration.xml")
    assert smb.get("EnableSMB1Protocol") is True
    assert smb.get("MaxSessionPerConnection") == 16384
    assert smb.get("NullSessionPipes") == ""
    assert smb.get("PSComputerName", "absent") is None
    assert smb.cim_class == "MSFT_SmbServerConfiguration"
    assert smb.to_string == "MSFT_SmbServerConfiguration"
    assert smb.extended == {}, "class metadata is left out"


def test_windows_features() -> None:
    features = {an_object(each).get("Name"): an_object(each) for each in recorded("GetWindowsFeature.xml")}
    smb1 = features["FS-SMB1"]
    assert smb1.get("Installed") is True
    state = smb1.get("InstallState")
    assert isinstance(state, EnumValue)
    assert (int(state), state.name, state.type_name) == (
        1,
        "Installed",
        "Microsoft.Windows.ServerManager.Commands.InstallState",
    )
    assert features["AD-Certificate"].get("DependsOn") == []
    component = an_object(features["AD-Certificate"].get("ServerComponentDescriptor"))
    assert component.cim_class == "ServerComponent_AD_Certificate"
    escaped = an_object(features["XPS-Viewer"].get("ServerComponentDescriptor"))
    assert escaped.cim_class == "ServerComponent_XPS_Viewer", "written as ServerComponent_x005F_XPS_Viewer"


def test_event_log() -> None:
    log = recorded_object("GetWinEventSystem.xml")
    providers = log.get("ProviderNames")
    assert isinstance(providers, list)
    assert providers[0] == "3ware"
    assert {type(name) for name in providers} == {str}
    assert log.get("MaximumSizeInBytes") == 20971520
    assert repr(log.get("LogMode")) == "<System.Diagnostics.Eventing.Reader.EventLogMode.Circular: 0>"


def test_wmi_object() -> None:
    computer = recorded_object("HyperV_Win32_ComputerSystem.xml")
    assert computer.cim_class == "Win32_ComputerSystem"
    assert computer.get("BootStatus") == [0, 0, 0, 127, 4, 255, 254, 0, 0, 0]
    assert computer.get("BootOptionOnLimit", "absent") is None


def test_services_share_what_they_depend_on() -> None:
    services = {an_object(each).get("Name"): an_object(each) for each in recorded("GetService.xml")}
    depended_on = services["AJRouter"].get("ServicesDependedOn")
    assert isinstance(depended_on, list)
    assert services["AJRouter"].get("RequiredServices") is depended_on


def test_cim_objects_within_each_other() -> None:
    adapter = recorded_object("GetNetAdapterRss.xml")
    assert adapter.cim_class == "MSFT_NetAdapterRssSettingData"
    processors = adapter.get("IndirectionTable")
    assert isinstance(processors, list)
    assert {an_object(each).cim_class for each in processors} == {"MSFT_NetAdapter_ProcessorNumber"}
    assert set(an_object(processors[0]).properties) == {"ProcessorNumber", "ProcessorGroup", "PSComputerName"}


def test_times_keep_their_offset() -> None:
    sample = recorded_object("GetCounterSamples.xml")
    central = timezone(timedelta(hours=-5))
    assert sample.get("Timestamp") == datetime(2021, 10, 2, 16, 56, 43, 488000, central)
