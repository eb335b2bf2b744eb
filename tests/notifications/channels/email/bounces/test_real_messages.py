"""Real messages, which do not belong to the project: scored where they lie beside its checkout."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[5]
SAMPLES = Path(os.environ.get("BOUNCE_SAMPLES") or CHECKOUT.parent / "shared" / "bounces")
SCORER = SAMPLES / "evaluate.py"
AT_LEAST = {"recall_rows": 97.0, "permanent_acc": 99.5, "reason_strict": 93.0, "end_to_end": 92.0}
AT_MOST = {"false_permanent": 0, "errors": 0}


@pytest.mark.skipif(not SCORER.exists(), reason="no real messages here; BOUNCE_SAMPLES names their folder")
def test_real_messages_are_read_as_well_as_the_best_tools_read_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    result = tmp_path / "scores.json"
    parser = "notifications.channels.email.bounces:parse"

    subprocess.run(
        [sys.executable, SCORER, "--py", parser, "--path", CHECKOUT, "--quiet", "--json", result],
        check=True,
        stdout=subprocess.DEVNULL,
        timeout=300,
    )

    scores = json.loads(result.read_text())
    with capsys.disabled():
        print("\nbounces:", ", ".join(f"{name} {scores[name]}" for name in (*AT_LEAST, *AT_MOST)))
    assert {name: scores[name] for name, bar in AT_LEAST.items() if scores[name] < bar} == {}
    assert {name: scores[name] for name, bar in AT_MOST.items() if scores[name] > bar} == {}
