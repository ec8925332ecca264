"""`aerocode migrate`: what an operator asks for after putting a newer Aerocode in the place of an older one."""

from aerocode.app.database import database_of
from aerocode.app.datadir import DataDir
from aerocode.app.settings import Settings
from aerocode.errors import CannotStart
from aerocode.store.sql import Migrated

__all__ = ["Migrated", "migrate"]


def migrate(settings: Settings) -> Migrated:
    """Raises CannotStart; InUse while a server has the data folder."""
    database = database_of(settings)
    if settings.postgres is None and database.is_empty():
        raise CannotStart(f"There is no database {database.name}.")
    data = DataDir(settings)
    data.make()
    with data.lock():
        return database.migrate()
