# One image for every process: web, worker, worker-ticks, beat, relay, flower, migrate.
# The command chooses; compose.yaml shows them all.

FROM python:3.11-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /venv
COPY requirements.lock .
RUN /venv/bin/pip install --require-hashes -r requirements.lock
COPY manage.py /app/
COPY accounts /app/accounts
COPY bridges /app/bridges
COPY notifications_app /app/notifications_app
COPY tasks_app /app/tasks_app
COPY todo_project /app/todo_project
# Static files are part of the image; the settings here are for this one command.
ARG DUMMY=only-for-collectstatic-only-for-collectstatic
RUN cd /app && rm -r todo_project/dev \
 && SECRET_KEY=$DUMMY JWT_SIGNING_KEY=$DUMMY DATABASE_URL=postgres://build/build \
    REDIS_URL=redis://build KAFKA_BOOTSTRAP=build:9092 EMAIL_URL=smtp://build \
    STATIC_ROOT=/app/static /venv/bin/python manage.py collectstatic --noinput \
 && /venv/bin/python -m compileall -q /app /venv

FROM python:3.11-slim
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin app
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
# The root file system may be read-only: what is written goes to /tmp, a tmpfs.
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    STATIC_ROOT=/app/static \
    PROMETHEUS_MULTIPROC_DIR=/tmp \
    METRICS_HOST=0.0.0.0 \
    WEB_BIND=0.0.0.0:8000
USER 10001
EXPOSE 8000
CMD ["gunicorn", "todo_project.wsgi", "-c", "todo_project/gunicorn.py"]
