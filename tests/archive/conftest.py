"""The homes and databases of the tests of db/, for backup and restore."""

from tests.db.conftest import (  # noqa: F401
    as_nobody,
    execute,
    filled,
    good_home,
    hot,
    later,
    open_folder,
    state,
)
