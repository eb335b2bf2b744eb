# One image for every process of the Procfile. Written without a container engine at hand: see docs/operations.md.
FROM python:3.11-slim-bookworm AS build
WORKDIR /srv/sellerhub
COPY requirements.txt .
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir -r requirements.txt \
    && /venv/bin/pip install --no-cache-dir --target /tools Babel polib
COPY . .
# The servers named here are never called: both commands only need settings that make sense.
RUN export SELLERHUB_DEVELOPMENT=1 DATABASE_URL=postgresql://nobody@localhost/none BROKER_URL=redis://localhost:6379/0 \
    && PYTHONPATH=/tools /venv/bin/python -m devtools.scripts.translations compile \
    && /venv/bin/python manage.py collectstatic --noinput \
    && rm -r devtools

FROM python:3.11-slim-bookworm
RUN useradd --system --no-create-home sellerhub
COPY --from=build /venv /venv
COPY --from=build /srv/sellerhub /srv/sellerhub
WORKDIR /srv/sellerhub
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1
USER sellerhub
EXPOSE 8000
CMD ["gunicorn", "sellerhub.wsgi", "--workers", "2", "--threads", "4", "--timeout", "30", "--max-requests", "10000", \
     "--max-requests-jitter", "1000", "--no-control-socket", "--bind", "0.0.0.0:8000"]
