"""A playbook for a team: one role finds, another one sells, and who sells may change within a stage."""

TEAM = """\
playbook: team
title: A team
roles: {sdr: Who finds them, ae: Who sells to them}
fields:
  pain: {label: Pain, why: Without pain nobody buys., ask: What hurts?, min_words: 2}
  budget: {label: Budget, type: money, why: To plan.}
stages:
  found: {title: Found, owner: sdr}
  talking: {title: Talking, owner: ae}
  offer: {title: Offer, owner: ae}
  won: {title: Won, kind: won, owner: ae}
  lost: {title: Lost, kind: lost}
handoffs:
  - {from: found, to: talking, required: [pain], trigger: They answer., reason: They fit., benefit: They are heard.,
     emails: [introduction]}
  - {from: found, name: look closer, receiver: ae, trigger: They ask., reason: Prices., benefit: An answer at once.}
  - {from: talking, to: offer, trigger: They ask for a price., reason: They want it., benefit: They get it in writing.}
  - {from: talking, name: another one, sender: sdr, receiver: ae, trigger: Somebody leaves., reason: Work goes on.,
     benefit: Somebody answers.}
  - {from: offer, to: won, trigger: They sign., reason: They said yes., benefit: They get it.}
"""
NOW = "2026-03-02T09:00:00Z"
NEXT = "2026-03-03T09:00:00Z"
