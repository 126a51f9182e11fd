"""Files are put in their place whole or not at all, by whoever writes them, and never through somebody's link."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from handoffctl.workspace.put_files import publish_at_end, publish_file


def test_a_link_that_waits_under_a_likely_name_is_not_followed(tmp_path):
    (tmp_path / "victim").write_text("mine")
    for name in (".n.ics.part", ".n.ics"):
        (tmp_path / name).symlink_to(tmp_path / "victim")
    publish_file(tmp_path / "n.ics", b"new")
    assert (tmp_path / "victim").read_text() == "mine"
    assert (tmp_path / "n.ics").read_bytes() == b"new"


def test_two_writers_at_once_both_succeed_and_the_file_is_of_one_of_them(tmp_path):
    contents = [bytes([65 + number]) * 200_000 for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda content: publish_file(tmp_path / "n.ics", content), contents * 5))
    assert (tmp_path / "n.ics").read_bytes() in contents
    assert [path.name for path in tmp_path.iterdir()] == ["n.ics"]


def test_where_the_block_ends_in_an_error_nothing_is_left(tmp_path):
    (tmp_path / "old.ics").write_bytes(b"old")

    def stopped():
        with publish_at_end() as write:
            write(tmp_path / "old.ics", b"new")
            write(tmp_path / "new.ics", b"new")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"old.ics": b"old"}


def test_a_file_keeps_its_mode_and_a_link_stays_one(tmp_path):
    (tmp_path / "real.ics").write_bytes(b"old")
    (tmp_path / "real.ics").chmod(0o640)
    (tmp_path / "link.ics").symlink_to(tmp_path / "real.ics")
    publish_file(tmp_path / "link.ics", b"new")
    assert (tmp_path / "link.ics").is_symlink()
    assert (tmp_path / "real.ics").read_bytes() == b"new"
    assert (tmp_path / "real.ics").stat().st_mode & 0o777 == 0o640
