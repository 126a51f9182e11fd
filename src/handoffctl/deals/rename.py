"""Renames an account."""

from handoffctl.core.names import fold, next_free_slug, slugify
from handoffctl.deals import lookup_query
from handoffctl.deals.contacts import name_of
from handoffctl.errors import Refused
from handoffctl.workspace.home import Home


def rename_account(home: Home, ref: str, name: str) -> tuple[str, str]:
    """Renames an account and changes its slug to match. Returns the previous name and the new slug. Raises Refused."""
    name = name_of(name)
    with home.writing() as session:
        account = lookup_query.account(session.query, ref)
        same_name = lookup_query.accounts_named(session.query, name)
        if any(other.id != account.id for other in same_name):
            raise Refused(f'There is an account called "{name}" already ({same_name[0].slug}).', "Nothing was changed.")
        base = slugify(name)
        new_slug = next_free_slug(base, lookup_query.slugs_taken(session.query, base) - {account.slug})
        session.change(session.models.Account, account.id, name=name, folded=fold(name), slug=new_slug, unnamed=0)
        session.log(f"Renamed {account.name} to {name}.", account.id)
    return account.name, new_slug
