"""Runs one command again and again, each time on a fresh copy of a home, and kills it at its n-th statement.

Run as a script: each run is forked from a process that has loaded the program already. Every connection counts, those
for reading, for making the file and for raising it included. Prints what each run left behind.
"""

import json
import os
import random
import shutil
import signal
import sqlite3
import sys
import time
from contextlib import closing, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

REAL_CONNECT = sqlite3.connect


def main() -> None:
    given = json.loads(sys.argv[1])
    os.environ.update(given["env"])
    if given["step"]:
        from handoffctl.db import file

        file.STEPS.append(Path(given["step"]))
        file.VERSION = len(file.STEPS)
    trial = Trial(**{name: given[name] for name in ("home", "work", "command", "again", "small_cache")})
    trial.warm_up()
    whole = trial.run("whole", None)
    assert whole == given["code"], (trial.work / "whole.out").read_text()
    after = dump(trial.work / "whole")
    left = []
    for n in range(1, 1 + given["times"]) if given["times"] else range(1, 5000, given["stride"]):
        code = trial.run(str(n), trial.kill_in_time if given["times"] else trial.kill_at(n))
        left.append(trial.look(str(n), code, after))
        if code != -signal.SIGKILL and not given["times"]:
            break
    print(json.dumps({"before": dump(trial.home), "after": after, "left": left}))


class Trial:
    def __init__(self, home: str, work: str, command: list[str], again: list[str], small_cache: bool) -> None:
        self.home, self.work = Path(home), Path(work)
        self.command, self.again, self.small_cache = command, again, small_cache
        self.seconds = 0.1
        original = self.home / "handoffctl.db"
        self._bytes = original.read_bytes() if original.exists() else b""

    def warm_up(self) -> None:
        """Runs the commands once in this process, so that no child has to load what a command loads late."""
        from handoffctl.app import main as program

        home = self.work / "warm-up"
        if self.home.exists():
            shutil.copytree(self.home, home)
        os.environ["HANDOFFCTL_HOME"] = str(home)
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
            for words in (self.command, ["list"], self.again):
                program(words)
        shutil.rmtree(home)

    def run(self, name: str, arm: Any, words: list[str] | None = None) -> int:
        """The exit code of the command in a child, on a copy of the home unless it is a later command on the same."""
        home = self.work / name
        if words is None:
            shutil.rmtree(home, ignore_errors=True)
            if self.home.exists():
                shutil.copytree(self.home, home)
        begun = time.perf_counter()
        child = os.fork()
        if not child:
            self._child(home, arm, words or self.command)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if arm is None and words is None:
            self.seconds = time.perf_counter() - begun
        return code

    def _child(self, home: Path, arm: Any, words: list[str]) -> None:
        os.environ["HANDOFFCTL_HOME"] = str(home)
        out = os.open(f"{home}.out", os.O_CREAT | os.O_WRONLY | os.O_TRUNC)
        os.dup2(out, 1)
        os.dup2(out, 2)
        code = 1
        try:
            if arm:
                arm()
            from handoffctl.app import main as program

            code = program(words)
        except BaseException:
            import traceback

            traceback.print_exc()
        finally:
            sys.stdout.flush()
            os._exit(code)

    def kill_at(self, n: int) -> Any:
        """Arms the process: the n-th statement, of whatever connection, is its last. After the last comes the end."""
        seen = 0

        def count(statement: str) -> None:
            nonlocal seen
            seen += 1
            if seen == n:
                os.kill(os.getpid(), signal.SIGKILL)

        def connect(*given: Any, **named: Any) -> sqlite3.Connection:
            connection = REAL_CONNECT(*given, **named)
            if self.small_cache:  # so that half of a transaction is in the file before it ends
                connection.execute("PRAGMA cache_size = 1")
            connection.set_trace_callback(count)
            return connection

        def arm() -> None:
            sqlite3.connect = connect

        return arm

    def kill_in_time(self) -> None:
        """Arms the process: at some moment while it runs, wherever it is then."""
        if self.small_cache:
            self.kill_at(0)()
        seconds = random.Random(os.urandom(8)).uniform(0.0005, self.seconds)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)  # ends the process at once, inside a system call too
        signal.setitimer(signal.ITIMER_REAL, seconds)

    def look(self, name: str, code: int, after: list[str]) -> dict[str, Any]:
        """What the run left: first seen by the program itself, then by SQLite; and whether the program goes on."""
        home = self.work / name
        database, found = home / "handoffctl.db", {"n": name, "code": code}
        found["journal"] = Path(f"{database}-journal").exists()
        found["spilled"] = found["journal"] and database.read_bytes() != self._bytes
        found["listed"] = self.run(name, None, ["list"])
        now = dump(home)
        found["state"] = "after" if now == after else "before" if now == dump(self.home) else "torn"
        found["aside"] = [dump(path, "") for path in sorted(home.glob("*.schema-*"))]
        found["parts"] = sorted(path.name for path in home.glob("*")) if home.exists() else []
        found["again"] = self.run(name, None, self.again)
        found["ends"] = without_draft(dump(home)) == without_draft(after)
        found["said"] = Path(f"{home}.out").read_text()
        if database.exists():
            with closing(REAL_CONNECT(database)) as connection:
                found["integrity"] = connection.execute("PRAGMA integrity_check").fetchall()
                found["pointing nowhere"] = connection.execute("PRAGMA foreign_key_check").fetchall()
        shutil.rmtree(home, ignore_errors=True)
        return found


def dump(home: Path, name: str = "handoffctl.db") -> list[str]:
    """Everything in a database, the version of its schema included; nothing where no row was written yet."""
    path = home / name if name else home
    if not path.exists():
        return []
    with closing(REAL_CONNECT(path)) as connection:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        lines = [f"version {version}", *connection.iterdump()]
        return lines if any(line.startswith("INSERT") for line in lines) else []


def without_draft(lines: list[str]) -> list[str]:
    """The same without the draft playbook of an import, which a repeated run finds there and does not record."""
    return [line.replace("'playbooks/roofs.yaml'", "NULL") for line in lines]


if __name__ == "__main__":
    main()
