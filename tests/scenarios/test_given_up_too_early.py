"""Two leads of a solo seller that nobody reached: one was to be given up too early, the other was given up too late."""


def test_a_lead_that_was_almost_given_up_too_early(does):
    does("add", "Harbor Clinic", "--contact", "Ada <ada@harbor.example>", now="2026-03-02T09:00:00Z")
    assert (
        "0 of 5 attempts, day 1 of 14, first today by 13:00"
        in does("check", "harbor-clinic", now="2026-03-02T09:05:00Z", code=3).out
    )
    does("touch", "harbor-clinic", "call", "--outcome", "no-answer", now="2026-03-02T10:00:00Z")
    does("touch", "harbor-clinic", "email", "a short hello", "--outcome", "sent", now="2026-03-05T10:00:00Z")
    # Friday, and nobody has answered. It would be so easy.
    refused = does("close", "harbor-clinic", "--lost", "--because", "no answer", now="2026-03-06T16:00:00Z", code=3)
    assert "2 of 5 attempts" in refused.err
    assert "3 more attempts; the next is due 2026-03-10" in refused.err
    assert "handoffctl touch harbor-clinic call TEXT" in refused.err
    assert (
        "2 of 5 attempts, day 5 of 14, next on Tuesday (2026-03-10)"
        in does("show", "harbor-clinic", now="2026-03-06T16:05:00Z").out
    )
    does("touch", "harbor-clinic", "call", "She wants to talk", "--outcome", "answered", now="2026-03-10T11:00:00Z")
    does("handoff", "harbor-clinic", "--set", "situation=Their old tool broke", "--step", "first call",
         now="2026-03-10T11:10:00Z")  # fmt: skip
    found = does("report", "follow-up", "--json", now="2026-03-11").json
    lead = found["stages"][0]
    assert (lead["stays"], lead["kept"], lead["given_up"]["too_early"]) == (1, 1, 0)
    assert (lead["answer"]["answered"], lead["answer"]["median"]) == (1, 3)


def test_a_lead_that_was_given_up_too_late(does):
    does("add", "Quarry Tools", "--contact", "Bo <bo@quarry.example>", now="2026-03-02T09:00:00Z")
    for number, said in ((2, "5"), (5, "10"), (10, "13"), (13, "18")):
        does("touch", "quarry-tools", "call", "--outcome", "no-answer", now=f"2026-03-{number:02d}T10:00:00Z")
        follow_up = does("check", "quarry-tools", "--json", now=f"2026-03-{number:02d}T11:00:00Z", code=3).json[
            "follow_up"
        ]
        assert follow_up["next_due"] == f"2026-03-{int(said):02d}"
    does("touch", "quarry-tools", "email", "shall I close your file?", now="2026-03-18T10:00:00Z")
    assert "time to decide" not in does("show", "quarry-tools", now="2026-03-19").out  # day 14
    assert "5 of 5 attempts, its 14 days are over, time to decide" in does("show", "quarry-tools", now="2026-03-20").out
    lead = does("report", "follow-up", "--json", now="2026-03-24").json["stages"][0]
    assert lead["decided"] == {"told": 1, "too_late": 0, "still_open": 0}
    lead = does("report", "follow-up", "--json", now="2026-04-20").json["stages"][0]
    assert lead["decided"] == {"told": 1, "too_late": 1, "still_open": 1}
    does("close", "quarry-tools", "--lost", "--because", "no answer", now="2026-04-21T09:00:00Z")
    said = does("report", "follow-up", now="2026-04-22").out
    assert "1 decided too late" in said
    assert "still open" not in said.partition("\n")[0]
    lead = does("report", "follow-up", "--json", now="2026-04-22").json["stages"][0]
    assert lead["given_up"] == {"stays": 1, "enough": 1, "waived": 0, "too_early": 0}
    assert (lead["told"], lead["kept"]) == (1, 0)
