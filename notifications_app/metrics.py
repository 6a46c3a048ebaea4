from prometheus_client import Counter, Histogram

NOTIFICATIONS_SENT = Counter(
    "notifications_sent_total", "Notifications that came to an end", ["channel", "status"]
)
LATENESS = Histogram(
    "notification_lateness_seconds",
    "From the time a notification was meant for to its being sent",
    ["channel"],
    buckets=(0.1, 0.25, 0.5, 1, 1.5, 2, 3, 5, 10, 30, 60, 300, 3600, 86400),
)
