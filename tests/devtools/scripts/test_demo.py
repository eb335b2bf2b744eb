"""When the demo collects the static files anew."""

import os

import pytest

from devtools.embedded import places
from devtools.scripts.demo import static_files_changed


@pytest.mark.parametrize(("newer", "expected"), [(None, False), ("sellerhub/settings/site.py", True)])
def test_static_files_are_collected_when_a_source_is_newer(tmp_path, monkeypatch, newer, expected):
    monkeypatch.setattr(places, "BASE_DIR", tmp_path)
    for name in ("requirements.txt", "sellerhub/settings/site.py", "staticfiles/staticfiles.json"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        os.utime(path, (1_000, 1_000))
    if newer:
        os.utime(tmp_path / newer, (2_000, 2_000))

    assert static_files_changed() is expected


def test_static_files_are_collected_the_first_time(tmp_path, monkeypatch):
    monkeypatch.setattr(places, "BASE_DIR", tmp_path)

    assert static_files_changed() is True
