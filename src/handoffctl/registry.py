"""Every command by the word that is typed: its module in commands/ and the one line by which help lists it.

Help needs no command's module: it is made from this table. A test compares it with the docstrings.
"""

from typing import NamedTuple


class CommandEntry(NamedTuple):
    """Where a command is, its one-line summary, and whether it has sub-commands."""

    module: str
    summary: str
    group: bool = False


# In the order in which help lists them.
COMMANDS = {
    "demo": CommandEntry(
        "demo", "Tell a short story on a throw-away database: a handoff is blocked, the gaps are filled, it passes."
    ),
    "init": CommandEntry(
        "init",
        "Make the home folder with a configuration and playbooks of your own. Overwrites nothing; nothing needs it.",
    ),
    "doctor": CommandEntry(
        "doctor",
        "Show paths, versions and the schema, and check the database and the playbooks. Exit code 6 on trouble.",
    ),
    "add": CommandEntry("add", "Add an account, and open a deal with it in the first stage. Prints its slug."),
    "list": CommandEntry("list", "List open deals: where they are, since when, and what comes next."),
    "show": CommandEntry(
        "show", "Show everything about an account: what a receiver must know, contacts, deals, what was said."
    ),
    "set": CommandEntry(
        "set", "Record what is known of a deal or its account. All of it, or nothing where one value is bad."
    ),
    "rename": CommandEntry("rename", "Give an account another name, and the slug that goes with it. Prints the slug."),
    "delete": CommandEntry(
        "delete", "Erase an account with everything about it, history included. This cannot be undone."
    ),
    "merge": CommandEntry(
        "merge",
        "Join another account into this one, with everything it has. The other is gone then, unless you undo it.",
    ),
    "contact": CommandEntry("contact", "People at an account: add, set, list.", group=True),
    "deal": CommandEntry("deal", "Further deals of an account: add, list.", group=True),
    "close": CommandEntry(
        "close", "Close a deal. A win needs what the playbook asks of it; the other ways need a reason."
    ),
    "reopen": CommandEntry("reopen", "Take a closed deal up again, in the open stage it was last in."),
    "today": CommandEntry(
        "today",
        "What would slip if nobody looked: everything that waits today, most urgent first, with the command to act.",
    ),
    "dispose": CommandEntry(
        "dispose",
        "Say which open deals to give up, put aside or keep, by the rules of their playbook, and why. Changes nothing.",
    ),
    "snooze": CommandEntry(
        "snooze",
        "Go on with a deal although a rule says stop: nothing is proposed about it until then. Needs the reason.",
    ),
    "touch": CommandEntry(
        "touch",
        "Record a call, e-mail, meeting, message or note, with what you learned and what comes next, in one line.",
    ),
    "step": CommandEntry("step", "Plan the next step of a deal, or mark it as done."),
    "check": CommandEntry(
        "check",
        "Say what is missing for the next handoff, why it is needed, and the command that fixes it. Changes nothing.",
    ),
    "handoff": CommandEntry(
        "handoff", "Hand a deal off to the next stage or person. Blocked while something required is missing."
    ),
    "accept": CommandEntry("accept", "Accept a deal that was handed to you; shows what you must know to begin."),
    "return": CommandEntry("return_", "Return a deal to the stage and owner it came from, with the reason."),
    "meeting": CommandEntry(
        "meeting", "Meetings with a prospect: book, held, no-show, move, cancel, list.", group=True
    ),
    "summary": CommandEntry(
        "summary", "The summary e-mail of a call: draft it, mark it sent, take down the answer.", group=True
    ),
    "email": CommandEntry(
        "email", "Write an e-mail about a deal from what is on record: subject, blank line, body. Sends nothing."
    ),
    "promise": CommandEntry(
        "promise", "What you and a client promised each other, by when, and whether it was kept.", group=True
    ),
    "value": CommandEntry("value", "What bore out the value that a client sees, or lowered it: add, list.", group=True),
    "inbox": CommandEntry("inbox", "Find the answers to your summaries in files of mail, and take down what each is."),
    "review": CommandEntry(
        "review",
        "The agenda for meeting the receivers: what they were handed, without a step first; what came back and why.",
    ),
    "score": CommandEntry(
        "score",
        "Show the points that a deal has by the buying signals of its playbook, and what to ask for more.",
    ),
    "who": CommandEntry(
        "who", "Show who drives a deal now and since when, what their next step is, and who drove it before."
    ),
    "who-next": CommandEntry(
        "who_next",
        "Propose who takes a deal over next: who is there, how much they have, and how many of this kind went on.",
    ),
    "person": CommandEntry("person", "People of your own side, who can own deals: add, list, remove.", group=True),
    "log": CommandEntry("log", "What happened, one line each, the newest last."),
    "undo": CommandEntry("undo", "Take back the last command, an import as a whole. Typed again, it does that again."),
    "report": CommandEntry(
        "report",
        "Figures: throughput, fields, effort, engagement, missed, handoffs, follow-up, activity, value, listening, "
        "trials, won, forecast, sla, signs, reasons, dispositions, goals.",
        group=True,
    ),
    "goals": CommandEntry("goals", "Numbers for goals that cannot be counted here: set, list.", group=True),
    "trial": CommandEntry(
        "trial", "Leave something out of a playbook and see if it is missed: start, list, show, stop.", group=True
    ),
    "drill": CommandEntry(
        "drill", "Handoffs on test accounts, to time them: put an account back, list them.", group=True
    ),
    "playbook": CommandEntry(
        "playbook",
        "The rules: list, show, check, try, new, edit, history, diff, agree, rename-stage, upgrade, review, schema.",
        group=True,
    ),
    "template": CommandEntry("template", "Templates of e-mails: list, show, copy, check.", group=True),
    "import": CommandEntry(
        "import_", "Bring in accounts, contacts, deals, touches and stages from another program, with their true dates."
    ),
    "export": CommandEntry(
        "export",
        "Write out everything: all records as JSON Lines or CSV, and your configuration, playbooks and templates.",
    ),
    "backup": CommandEntry(
        "backup", "Copy the database into a new file, and check the copy. Others may go on writing meanwhile."
    ),
    "restore": CommandEntry(
        "restore",
        "Put a copy in the place of the database. The copy is checked first, and the replaced database is kept.",
    ),
}
