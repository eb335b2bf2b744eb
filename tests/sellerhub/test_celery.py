"""The timetable rings tasks that there are, and none of its rings piles up."""

from celery.schedules import crontab, maybe_schedule

from sellerhub.celery import app


def test_every_ring_names_a_task_and_ends_before_the_next():
    app.loader.import_default_modules()

    for name, entry in app.conf.beat_schedule.items():
        assert entry["task"] in app.tasks, name
        schedule = maybe_schedule(entry["schedule"])
        seconds = 24 * 3600 if isinstance(schedule, crontab) else schedule.run_every.total_seconds()
        assert entry["options"]["expires"] <= seconds, name
