"""Only `make test-cluster` starts what these tests need."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from devtools.scripts.servers import Postgres, RabbitMQ

if "CLUSTER_FOLDER" not in os.environ:
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture(scope="session")
def postgres() -> Postgres:
    """The one in which the tests' database lies; started already."""
    return Postgres(Path(os.environ["CLUSTER_FOLDER"]) / "postgres", int(os.environ["CLUSTER_POSTGRES_PORT"]))


@pytest.fixture
def rabbitmq(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RabbitMQ]:
    server = RabbitMQ(tmp_path_factory.mktemp("rabbitmq"))
    server.start()
    yield server
    server.stop()
