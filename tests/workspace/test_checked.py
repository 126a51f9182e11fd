"""What was checked once is known from then on, and whatever stands in the cache folder can do no harm."""

import json
import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from handoffctl.core.yaml.forms import checked
from handoffctl.core.yaml.plain import from_plain, to_plain
from handoffctl.emails.phrases_library import load_phrases, phrases_paths
from handoffctl.playbook.checking import check_file
from handoffctl.playbook.model import Field, Playbook, Stage
from handoffctl.playbook.reader import read_playbook
from handoffctl.resources import shipped
from handoffctl.workspace import checked as cache
from handoffctl.workspace.settings import Settings

SHIPPED = sorted({*shipped("playbooks").glob("*.yaml"), *shipped("playbooks").glob("earlier/*.yaml")})
TEXT = (
    "playbook: small\nfields: {budget: {label: Budget, type: money}}\n"
    "criteria: {rich: {field: budget, at_least: 5000}}\nstages: {lead: {exit: [rich], target: 3d}, won: {kind: won}}\n"
    "handoffs: [{from: lead, to: won, trigger: They sign., reason: They fit., benefit: They are served.}]\n"
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The program's folder in an empty cache folder."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "handoffctl"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "small.yaml"
    path.write_text(TEXT)
    return path


@pytest.fixture
def entry(folder, file):
    """The file in the cache of a playbook that was read once."""
    read_playbook(file)
    (path,) = folder.iterdir()
    return path


@pytest.fixture
def checks(monkeypatch):
    """The files that were parsed and checked."""
    paths = []

    def check(path, content):
        paths.append(path)
        return check_file(path, content)

    monkeypatch.setattr("handoffctl.playbook.checking.check_file", check)
    return paths


def put(entry, content, /, **header):
    """Writes an entry with this body and a header that belongs to it, but for what is given."""
    known = json.loads(entry.read_bytes().partition(b"\n")[0])
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    known = {**known, "body": sha256(text).hexdigest(), **header}
    entry.write_bytes(json.dumps(known).encode() + b"\n" + text)


def body_of(entry):
    return json.loads(entry.read_bytes().partition(b"\n")[2])


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_playbook_that_is_recalled_is_the_one_that_was_checked(path, folder):
    first = check_file(path, None)
    assert read_playbook(path) == first
    recalled = cache.recall(Playbook, path.read_bytes())
    assert recalled == first
    assert recalled.as_json() == first.as_json()
    assert hash(tuple(recalled.criteria.values())) == hash(tuple(first.criteria.values()))


def test_shipped_phrases_that_are_recalled_are_those_that_were_checked(folder, tmp_path):
    for name in phrases_paths(tmp_path):
        assert load_phrases(tmp_path, name) == load_phrases(tmp_path, name)
    assert len(list(folder.iterdir())) == 2


def test_the_same_content_is_checked_once(file, folder, checks):
    assert read_playbook(file) == read_playbook(file)
    assert checks == [file]
    file.write_text(TEXT.replace("5000", "6000"))
    assert read_playbook(file).criteria["rich"].at_least == "6000"
    assert checks == [file, file]


def test_an_entry_is_for_its_owner_only(entry):
    assert entry.stat().st_mode & 0o777 == 0o600
    assert entry.parent.stat().st_mode & 0o777 == 0o700


def test_a_faulty_playbook_is_not_kept(file, folder):
    file.write_text(TEXT.replace("5000", "much"))
    for _ in range(2):
        with pytest.raises(Exception, match="has 1 fault"):
            read_playbook(file)
    assert not folder.exists()


def test_a_file_with_another_name_than_its_playbook_is_a_fault_though_its_content_is_known(entry, file):
    other = file.with_name("other.yaml")
    other.write_text(TEXT)
    with pytest.raises(Exception, match="has 1 fault"):
        read_playbook(other)


SPOILED = {
    "of another version": lambda entry: put(entry, body_of(entry), program="0.0.1"),
    "of another format": lambda entry: put(entry, body_of(entry), format=2),
    "of other rules": lambda entry: put(entry, body_of(entry), rules="0"),
    "of another content": lambda entry: put(entry, body_of(entry), content="0" * 64),
    "of another kind": lambda entry: put(entry, body_of(entry), kind="Settings"),
    "with another hash": lambda entry: put(entry, body_of(entry), body="0" * 64),
    "cut off": lambda entry: entry.write_bytes(entry.read_bytes()[:-5]),
    "cut off in its head": lambda entry: entry.write_bytes(entry.read_bytes()[:20]),
    "empty": lambda entry: entry.write_bytes(b""),
    "no JSON": lambda entry: entry.write_bytes(b"\xff\xfe\n{"),
    "readable for others": lambda entry: entry.chmod(0o644),
    "writable for others": lambda entry: entry.chmod(0o602),
    "too large": lambda entry: put(entry, b" " * cache.MOST_BYTES + b"{}"),
    "a link": lambda entry: entry.symlink_to(entry.rename(entry.with_name("elsewhere"))),
    "a folder": lambda entry: (entry.unlink(), entry.mkdir()),
    "a pipe": lambda entry: (entry.unlink(), os.mkfifo(entry, 0o600)),
}


@pytest.mark.parametrize("what", SPOILED)
def test_an_entry_that_is_not_what_it_should_be_is_made_anew(what, entry, file, checks):
    known = read_playbook(file)
    SPOILED[what](entry)
    assert checks == []
    assert read_playbook(file) == known
    assert checks == [file]
    assert what == "a folder" or read_playbook(file) == known
    assert checks == [file]


def test_an_entry_of_another_user_is_made_anew(entry, file, checks, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    read_playbook(file)
    read_playbook(file)
    assert checks == [file, file]  # nor is anything written into a folder of somebody else


STAGES = {"lead": {}}
HOSTILE = {
    "a list": [],
    "text": "playbook",
    "nothing": {},
    "an unknown key": {"playbook": "small", "stages": STAGES, "__class__": "Playbook"},
    "a method": {"playbook": "small", "stages": STAGES, "first_stage": "lead"},
    "a name with blanks": {"playbook": "small thing", "stages": STAGES},
    "no stages": {"playbook": "small", "stages": {}},
    "a stage of text": {"playbook": "small", "stages": {"lead": "open"}},
    "a kind that is none": {"playbook": "small", "stages": {"lead": {"kind": "closed"}}},
    "a number as text": {"playbook": "small", "stages": STAGES, "targets": "5"},
    "a number that is none": {"playbook": "small", "stages": {"lead": {"target": float("nan")}}},
    "a number without end": {"playbook": "small", "stages": {"lead": {"target": 1e300}}},
    "a truth as number": {"playbook": "small", "stages": STAGES, "draft": 1},
    "empty text": {"playbook": "small", "stages": {"lead": {"title": ""}}},
    "long text": {"playbook": "small", "stages": {"lead": {"title": "x" * 2001}}},
    "half a character": {"playbook": "small", "stages": {"lead": {"title": "\ud800"}}},
    "a day that is none": {"playbook": "small", "stages": STAGES, "reviewed": "2026-02-30"},
    "two kinds of criterion": {"playbook": "small", "stages": STAGES, "criteria": {"a": {"known": "b", "score": 1}}},
    "a criterion of no kind": {"playbook": "small", "stages": STAGES, "criteria": {"a": {"label": "b"}}},
    "a condition as criterion": {"playbook": "small", "stages": STAGES, "criteria": {"a": {"untouched": 3.0}}},
    "keys that contradict": {"playbook": "small", "stages": STAGES, "fields": {"a": {"min_words": 2, "type": "url"}}},
    "a name that is not known": {"playbook": "small", "stages": {"lead": {"exit": ["nothing"]}}},
    "an owner that is none": {"playbook": "small", "stages": STAGES, "handoffs": [{"from_stage": "x", "to": "lead"}]},
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_content_is_never_used(what, entry, file, checks):
    put(entry, HOSTILE[what])
    assert read_playbook(file).stages["lead"].exit == ("rich",)
    assert checks == [file]


def test_phrases_that_reach_into_objects_are_never_used(folder, tmp_path):
    known = load_phrases(tmp_path, "en_US")
    (entry,) = folder.iterdir()
    body = body_of(entry)
    for hostile in (
        {**body, "patterns": {**body["patterns"], "day": "{day.__class__}"}},
        {**body, "say": {**body["say"], "greeting": "Hello {name.__class__},"}},
        {**body, "weekdays": ["Monday"]},
    ):
        put(entry, hostile)
        assert load_phrases(tmp_path, "en_US") == known


def test_deep_nesting_ends_no_command(entry, file, checks):
    for body in (b"[" * 100_000, b'{"playbook":' * 50_000):
        put(entry, body)
        assert read_playbook(file).stages["lead"].exit == ("rich",)
    criterion = {"known": "budget"}
    for _ in range(400):
        criterion = {"negated": criterion}
    put(entry, {**body_of(entry), "criteria": {"rich": criterion}})
    assert read_playbook(file).stages["lead"].exit == ("rich",)
    assert len(checks) == 3


def test_a_folder_that_cannot_be_written_changes_nothing(folder, file, checks, monkeypatch):
    def refuse(**_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("handoffctl.workspace.files.mkstemp", refuse)
    assert read_playbook(file) == read_playbook(file)
    folder.rmdir()
    folder.write_text("")
    read_playbook(file)
    assert len(checks) == 3


@pytest.mark.parametrize("place", ["/dev/null/cache", "/proc/none", "relative", ""])
def test_no_place_for_a_cache_changes_nothing(place, file, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", place)
    monkeypatch.setenv("HOME", "/dev/null")
    monkeypatch.chdir(tmp_path)
    assert read_playbook(file) == read_playbook(file)
    assert os.listdir(tmp_path) == ["small.yaml"]


def test_the_oldest_entries_are_discarded(folder, file, monkeypatch):
    monkeypatch.setattr(cache, "MOST_FILES", 3)
    for amount in range(6):
        file.write_text(TEXT.replace("5000", str(amount)))
        read_playbook(file)
    assert len(list(folder.iterdir())) == 3
    assert cache.recall(Playbook, file.read_bytes()) is not None


def test_a_failed_write_leaves_nothing_behind(folder, file, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    read_playbook(file)
    assert list(folder.iterdir()) == []


def test_processes_at_once_leave_whole_entries(folder, file, tmp_path):
    program = (
        "import sys; from pathlib import Path; from handoffctl.playbook.reader import read_playbook\n"
        "for n in range(30):\n"
        "    for path in Path(sys.argv[1]).glob('*.json'):\n"
        "        path.unlink(missing_ok=True) if n % 3 == 0 else None\n"
        "    assert read_playbook(Path(sys.argv[2])).stages['lead'].exit == ('rich',)\n"
    )
    command = [sys.executable, "-c", program, str(folder), str(file)]
    running = [subprocess.Popen(command, stderr=subprocess.PIPE, env=os.environ) for _ in range(2)]
    assert [process.communicate(timeout=60)[1] for process in running] == [b"", b""]
    assert [path.suffix for path in folder.iterdir()] == [".json"]
    assert cache.recall(Playbook, file.read_bytes()) == check_file(file, None)


def test_settings_come_back_as_they_were_read():
    raw = {"me": {"name": "Kim"}, "hours": "09:00-17:00", "holidays": ["2026-12-25"], "hourly_rate": "80"}
    settings = checked(Settings, raw)
    assert from_plain(Settings, json.loads(json.dumps(to_plain(settings)))) == settings
    assert to_plain(Settings()) == {}
    for wrong in (
        {"hours": [1]},
        {"hours": [1, 2, 3]},
        {"hourly_rate": 0.0},
        {"zone": "Nowhere"},
        {"currency": "x" * 9},
    ):
        with pytest.raises(ValueError, match=r"."):
            from_plain(Settings, wrong)


def test_parts_never_change_and_know_their_keys():
    field = Field(label="Budget")
    with pytest.raises(AttributeError):
        field.label = "Other"
    with pytest.raises(AttributeError):
        del field.label
    with pytest.raises(TypeError):
        Field(lable="Budget")
    with pytest.raises(TypeError):
        Playbook(playbook="small")
    assert field.with_values(label="Price") == Field(label="Price") != field
    assert Stage() == Stage() != Field()


READING = (["list"], ["check", "acme-corp"], ["show", "acme-corp"], ["today"], ["email", "follow-up", "acme-corp"])


def test_reading_commands_import_neither_yaml_nor_pydantic_once_the_files_are_known(run, folder, home):
    assert run("init").code == 0
    assert run("add", "Acme Corp").code == 0
    program = (
        "import sys\n"
        "from handoffctl.app import main\n"
        "code = main(sys.argv[1:])\n"
        "print('ended', code, *(name for name in ('pydantic', 'yaml') if name in sys.modules))\n"
    )
    for words in READING:
        for warm in (False, True):
            command = [sys.executable, "-c", program, "--home", str(home), *words]
            ran = subprocess.run(command, capture_output=True, text=True, env=os.environ, timeout=60)
            ended = ran.stdout.splitlines()[-1]
            assert ended.split()[1] in "03", (words, ran.stderr)
            assert not warm or len(ended.split()) == 2, (words, ended)
    assert Path(folder).is_dir()
