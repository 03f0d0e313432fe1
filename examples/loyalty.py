#!/usr/bin/env python3
"""A fifth service in Python: gives a rider a point for each matched ride.

    pip install confluent-kafka
    examples/loyalty.py 127.0.0.1:7409        # the address that ./demo prints

An event takes effect once, although Kafka delivers it at least once: its id is remembered in the
transaction of its effect, and its offset is committed after that transaction. Ctrl-C ends it.
"""

import sqlite3
import sys

from confluent_kafka import Consumer

store = sqlite3.connect("loyalty.db")
store.execute("CREATE TABLE IF NOT EXISTS points(rider TEXT PRIMARY KEY, points INTEGER NOT NULL)")
store.execute("CREATE TABLE IF NOT EXISTS inbox(event_id TEXT PRIMARY KEY)")

consumer = Consumer({
    "bootstrap.servers": sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:7409",
    "group.id": "loyalty",
    "group.instance.id": "loyalty-1",  # after a crash it has its partitions again at once
    "auto.offset.reset": "earliest", "enable.auto.commit": False,
})
consumer.subscribe(["ride_matched"])
try:
    while True:
        event = consumer.poll(1.0)
        if event is None or event.error():
            continue
        event_id = dict(event.headers())["ce_id"].decode()
        rider = event.key().decode()
        with store:
            if store.execute("INSERT OR IGNORE INTO inbox VALUES(?)", (event_id,)).rowcount == 1:
                store.execute("INSERT INTO points VALUES(?, 1) "
                              "ON CONFLICT DO UPDATE SET points = points + 1", (rider,))
        consumer.commit(event)
except KeyboardInterrupt:
    consumer.close()
