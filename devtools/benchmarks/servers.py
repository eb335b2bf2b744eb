"""PostgreSQL and Valkey of the bench's own, shared by the product and the anchor."""

import psycopg
import redis

from devtools import embedded
from devtools.embedded import places

ANCHOR_DATABASE = "postoffice"


def start() -> None:
    embedded.ensure_running()
    with psycopg.connect(embedded.database_url(), autocommit=True) as connection:
        found = connection.execute("SELECT FROM pg_database WHERE datname = %s", [ANCHOR_DATABASE]).fetchone()
        if found is None:
            connection.execute(f"CREATE DATABASE {ANCHOR_DATABASE}")


def pids() -> list[int]:
    """The keeper, with both servers below it."""
    return [int(places.ready_file().read_text())]


def anchor_database_url() -> str:
    return f"postgresql://postgres@/{ANCHOR_DATABASE}?host={places.run_dir()}"


def empty_broker() -> None:
    with redis.Redis(unix_socket_path=str(places.valkey_socket())) as client:
        client.flushall()
