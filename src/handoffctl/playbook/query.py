"""The contents of playbooks that were used: which, when, for how many deals, and who agreed to them."""

from handoffctl.db.query import Query, Row


def revisions(query: Query, playbook: str) -> list[Row]:
    """Each content that was used, oldest first, with the handoffs that passed under it, and the deals that were tried.

    Drills are not counted.
    """
    sql = """SELECT r.id, r.at, r.hash, r.content,
                    count(CASE WHEN a.id IS NOT NULL AND h.state <> 'blocked' THEN 1 END) AS handoffs,
                    count(DISTINCT CASE WHEN a.id IS NOT NULL THEN h.deal_id END) AS deals
             FROM playbook_revision AS r LEFT JOIN handoff AS h ON h.revision_id = r.id
             LEFT JOIN deal AS d ON d.id = h.deal_id LEFT JOIN account AS a ON a.id = d.account_id AND a.test = 0
             WHERE r.playbook = :playbook GROUP BY r.id ORDER BY r.id"""
    return query(sql, playbook=playbook)


def agreements(query: Query, playbook: str) -> list[Row]:
    """Who agreed, when, and to which content, by its number; newest content first."""
    sql = """SELECT a.who, a.at, r.id AS revision_id, r.hash, (SELECT count(*) FROM playbook_revision AS earlier
                    WHERE earlier.playbook = r.playbook AND earlier.id <= r.id) AS number
             FROM agreement AS a JOIN playbook_revision AS r ON r.id = a.revision_id
             WHERE r.playbook = :playbook ORDER BY r.id DESC, a.id"""
    return query(sql, playbook=playbook)


def contents_naming(query: Query, word: str) -> list[Row]:
    """The kept contents, of any playbook, in which this word stands."""
    return query("SELECT id, playbook, content FROM playbook_revision WHERE instr(content, :word)", word=word)


def stays_in(query: Query, playbook: str, stage: str) -> tuple[int, int]:
    """How many deals are in this stage, and how many are or were."""
    sql = """SELECT count(CASE WHEN ended = 0 THEN 1 END), count(DISTINCT deal_id) FROM visit
             WHERE playbook = :playbook AND stage = :stage"""
    row = query(sql, playbook=playbook, stage=stage)[0]
    return row[0], row[1]


def present_stays(query: Query, playbook: str, stage: str) -> list[Row]:
    """The stays that have not ended in this stage."""
    sql = """SELECT id, kind, owner, because, disposition, wakes_on FROM visit
             WHERE playbook = :playbook AND stage = :stage AND ended = 0 ORDER BY id"""
    return query(sql, playbook=playbook, stage=stage)


def stages_taken(query: Query) -> list[Row]:
    """The stages in which deals are, with the kind they had when those came, and how many deals."""
    sql = """SELECT playbook, stage, kind, count(*) AS deals FROM visit WHERE ended = 0
             GROUP BY playbook, stage, kind ORDER BY playbook, stage"""
    return query(sql)
