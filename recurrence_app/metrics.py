from prometheus_client import Counter, Histogram

SPAWNED = Counter("series_spawned_total", "Tasks made by series")
LEFT_OUT = Counter("series_left_out_total", "Occurrences that catch-up left out")
FAILED = Counter("series_spawn_failed_total", "Series that could not make their tasks, each try")
LATENESS = Histogram(
    "series_spawn_lateness_seconds",
    "From the time a series wanted its tasks to their being there",
    buckets=(0.5, 1, 1.5, 2, 3, 5, 10, 30, 60, 300, 3600, 86400),
)
