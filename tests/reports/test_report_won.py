"""`report won`: signals as known at the landmark, won against lost."""

TALKS = """\
playbook: talks
fields:
  budget: {label: Budget, why: They can pay., type: money}
stages:
  first: {title: First talk}
  won: {title: Won, kind: won}
  lost: {title: Lost, kind: lost}
  later: {title: Later, kind: nurture}
signals:
  rich: {label: They can pay, points: 10, when: [{field: budget, at_least: 5000}]}
handoffs:
  - {from: first, to: won, trigger: They sign., reason: It is agreed., benefit: They begin., required: [budget]}
"""


def _sell(does, playbook, late=False):
    playbook(TALKS)
    for number in range(10):
        name, won = f"deal{number}", number < 5
        does("add", name, "--playbook", "talks", now="2026-02-01")
        does("set", name, f"budget={9000 if won else 10}", now="2026-02-03")
        if late and not won:
            does("set", name, "budget=9000", now="2026-02-16")
        does("close", name, "--won" if won else "--lost", "--because", "they said so", now="2026-03-01")


def test_five_won_and_five_lost_wholly_apart_stand_out(does, playbook):
    _sell(does, playbook)
    figures = does("report", "won", "--playbook", "talks", "--json", now="2026-04-01").json
    assert (figures["won"], figures["lost"], figures["settled"]) == (5, 5, True)
    (rich,) = figures["signals"]
    assert rich["counts"] == {"won_with": 5, "won": 5, "lost_with": 0, "lost": 5}
    assert rich["verdict"]["word"] == "stands out"
    assert "5 of 5" in does("report", "won", "--playbook", "talks", now="2026-04-01").out


def test_what_is_learned_after_the_landmark_changes_nothing(does, playbook):
    _sell(does, playbook, late=True)
    (rich,) = does("report", "won", "--playbook", "talks", "--json", now="2026-04-01").json["signals"]
    assert rich["counts"] == {"won_with": 5, "won": 5, "lost_with": 0, "lost": 5}
