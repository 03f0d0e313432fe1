"""compare.py DB: whether the store of examples/loyalty.py has what the log says.

Standard input: the records of ride_matched, as `hail consume --json` prints them.
"""

import collections
import json
import sqlite3
import sys

records = [json.loads(line) for line in sys.stdin]
rider_of = {header["value"]: record["key"] for record in records
            for header in record["headers"] if header["key"] == "ce_id"}
wanted = collections.Counter(rider_of.values())
got = dict(sqlite3.connect(sys.argv[1]).execute("SELECT rider, points FROM points"))
print(f"{sum(got.values())} points of {len(got)} riders, {len(rider_of)} events in the log")
sys.exit(0 if got == dict(wanted) else 1)
