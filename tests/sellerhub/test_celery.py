"""The timetable rings tasks that there are, and none of its rings piles up."""

from sellerhub.celery import app


def test_every_ring_names_a_task_and_ends_before_the_next():
    app.loader.import_default_modules()

    for name, entry in app.conf.beat_schedule.items():
        assert entry["task"] in app.tasks, name
        assert entry["options"]["expires"] <= entry["schedule"], name
