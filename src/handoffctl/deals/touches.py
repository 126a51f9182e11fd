"""The outcomes a touch can have, and the limits of its text."""

OUTCOMES = ("held", "no-show", "booked", "cancelled", "answered", "no-answer", "left-message", "sent", "replied")
LONGEST_TEXT = 10_000
