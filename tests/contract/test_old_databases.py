"""The database of every earlier version is raised by the program of today, and nothing in it is lost or changed."""

import pytest
from tests.contract.compare import allowed, differences, not_allowed, without_use
from tests.contract.databases import BUILDS, FOLDER, brought_back, look, recorded, troubles, unpack
from tests.contract.replay import AS_TESTED, export_as_tables

# The long trials raise those of the steps between two versions too.
SOME_BUILDS = [pytest.param(build, marks=pytest.mark.trial) if "-schema-" in build else build for build in BUILDS]


@pytest.mark.parametrize("build", SOME_BUILDS)
def test_a_database_of_an_earlier_version_is_raised_whole(build, tmp_path):
    unpack(build, tmp_path / "home")
    before = recorded(build).compared()
    assert len(before["export"]["tables"]["deal"]) > 5
    now = look(tmp_path, AS_TESTED).compared()
    assert troubles(tmp_path) == []
    found = [difference for name, was in before.items() for difference in differences(build, name, was, now[name])]
    rows = allowed()
    faults = [f"Not as 0.6.0 saw it:\n{one}" for one in not_allowed(found, rows)]
    faults += [f"differences.md allows what is not there: {row}" for row in without_use(build, found, rows)]
    assert not faults, "\n".join(faults)


def test_an_export_of_0_6_0_comes_back_whole(tmp_path):
    export = FOLDER / "0.6.0" / "export.jsonl"
    before = export_as_tables(export.read_text(encoding="utf-8"))
    found = differences("0.6.0", "export", before, brought_back(tmp_path / "other", export))
    assert not not_allowed(found, allowed()), "\n".join(map(str, found))
