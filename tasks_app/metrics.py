from prometheus_client import Counter

TASKS_CREATED = Counter("tasks_created_total", "Tasks made", ["priority", "has_recurrence"])
