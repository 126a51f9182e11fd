"""Writes days and values as the mail's language does."""

from dataclasses import dataclass

from handoffctl.core.moments import Moment
from handoffctl.emails.mail_dates import MailDay, mail_day, mail_moment
from handoffctl.emails.phrases import Phrases
from handoffctl.playbook.model import Field
from handoffctl.workspace.home import Home


@dataclass(frozen=True)
class ValueWriter:
    """Writes days and values as the mail's language does."""

    home: Home
    phrases: Phrases

    def day(self, moment: Moment | None) -> MailDay | None:
        return mail_day(moment, self.home.clock, self.phrases)

    def value(self, field: Field, value: str) -> str:
        """Returns a value as people read it: dates and amounts of money by the patterns, the rest as it is."""
        if field.type == "date":
            return mail_moment(value, self.home.clock, self.phrases).short
        if field.type == "money":
            return self.phrases.money(value, self.home.configuration.currency)
        return value
