"""`make test-cluster`: failure and delivery tests against Debian's PostgreSQL, Redis and RabbitMQ.

The servers are started here, on free ports of 127.0.0.1, and stopped at the end; two worker hosts are two groups
of processes. The machine's own servers are not touched.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from devtools.embedded import places
from devtools.scripts import servers

SUITE = (
    "tests/cluster",
    "tests/drills/test_crash.py",
    "tests/drills/test_crash_line.py",
    "tests/drills/test_broadcast.py",
    "tests/notifications/delivery",
    "tests/notifications/operations/broadcasts",
    "tests/notifications/ingest/test_pipeline.py",
    "tests/notifications/ingest/test_pipeline_races.py",
    "tests/notifications/address_health",
)


def main() -> int:
    os.chdir(places.BASE_DIR)
    try:
        servers.require_all()
    except servers.MissingServerError as missing:
        print(missing, file=sys.stderr)
        return 1
    # Short, without spaces, and accessible for the user that runs PostgreSQL.
    folder = Path(tempfile.mkdtemp(prefix="sellerhub-cluster-"))
    folder.chmod(0o711)
    postgres = servers.Postgres(folder / "postgres", servers.free_port())
    redis = servers.Redis(folder / "redis", servers.free_port())
    try:
        postgres.create()
        redis.start()
        subprocess.run([sys.executable, "-m", "devtools.scripts.translations", "compile"], check=True)
        wanted = sys.argv[1:] or [path for path in SUITE if Path(path).exists()]
        return subprocess.run(
            [sys.executable, "-m", "pytest", *wanted],
            env=os.environ
            | {
                "SELLERHUB_DEVELOPMENT": "1",
                "DATABASE_URL": postgres.url,
                "BROKER_URL": f"{redis.url}/0",
                "CACHE_URL": f"{redis.url}/1",
                "CLUSTER_FOLDER": str(folder),
                "CLUSTER_POSTGRES_PORT": str(postgres.port),
                "VALKEY_SERVER": str(shutil.which("redis-server")),
            },
        ).returncode
    finally:
        redis.kill()
        postgres.stop()
        shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main())
