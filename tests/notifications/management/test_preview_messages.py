"""`manage.py preview_messages`."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from notifications.types.definitions import TYPES


def test_every_type_is_written_in_every_language(tmp_path: Path) -> None:
    out = StringIO()

    call_command("preview_messages", str(tmp_path / "new" / "folder"), stdout=out)

    folder = tmp_path / "new" / "folder"
    written = {str(path.relative_to(folder)) for path in folder.rglob("*.*")}
    messages = {f"{code}/{key}.{kind}" for code in ("ja", "en") for key in TYPES for kind in ("html", "txt")}
    assert written == messages | {"index.html"}
    assert out.getvalue() == f"{folder / 'index.html'} links 48 messages.\n"
    index = (folder / "index.html").read_text(encoding="utf-8")
    assert [message for message in messages if f'href="{message}"' not in index] == []


def test_a_folder_that_cannot_be_made_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(CommandError, match="Cannot write into"):
        call_command("preview_messages", str(tmp_path / "file"))
