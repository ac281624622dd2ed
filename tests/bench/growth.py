"""growth.py DATABASE COUNT: give the furnished account so many images more, each of one snapshot, with three tags."""
import sqlite3
import sys

database, count = sqlite3.connect(sys.argv[1]), int(sys.argv[2])


def columns(table, **given):
    """All of a table's columns of the row that is cloned, those that are given changed."""
    names = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
    return ", ".join(names), ", ".join(given.get(name, name) for name in names)


database.execute("CREATE TEMP TABLE n(i INTEGER PRIMARY KEY)")
database.executemany("INSERT INTO n VALUES(?)", ((i,) for i in range(count)))
for table, given, source in (
        ("images", {"id": "printf('ami-0b%015x', i)", "name": "'image-' || i"}, "id = 'ami-0a000000000000011'"),
        ("snapshots", {"id": "printf('snap-0b%015x', i)"}, "id = 'snap-0a000000000000011'"),
        ("devices", {"image": "printf('ami-0b%015x', i)", "snapshot": "printf('snap-0b%015x', i)"}, "image = 'ami-0a000000000000011'")):
    names, values = columns(table, **given)
    database.execute(f"INSERT INTO {table}({names}) SELECT {values} FROM {table}, n WHERE {source}")
for key, value in (("serial", "i"), ("role", "'web'"), ("month", "i % 12")):
    database.execute(f"INSERT INTO tags SELECT printf('ami-0b%015x', i), '{key}', {value} FROM n")
database.commit()
database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
