"""A Kafka client of Python as a program, so that a test can start and kill several of them.

  run_client.py MODULE ADDRESS produce TOPIC FIRST COUNT       records with 20 keys and a header
  run_client.py MODULE ADDRESS consume TOPIC GROUP             a line for each record, until killed
  run_client.py MODULE ADDRESS offset-at TOPIC PARTITION TIME  the offset, or -1
  run_client.py MODULE ADDRESS end TOPIC PARTITION             of the partition
  run_client.py MODULE ADDRESS committed TOPIC PARTITION GROUP the offset
"""
import importlib
import sys


def show(partition, offset, key, value, headers):
    names = ",".join(name for name, _ in headers) or "-"
    print(partition, offset, key.decode() if key else "-", value.decode(), names, flush=True)


def main(module, address, command, topic, *rest):
    client = importlib.import_module(module)
    if command == "produce":
        first, count = int(rest[0]), int(rest[1])
        client.produce(address, topic,
                       [(f"k{i % 20}".encode(), str(i).encode(), [("trace", b"t")])
                        for i in range(first, first + count)])
    elif command == "consume":
        client.consume(address, topic, rest[0], show)
    elif command == "offset-at":
        print(client.offset_at(address, topic, int(rest[0]), int(rest[1])))
    elif command == "end":
        print(client.end_offset(address, topic, int(rest[0])))
    elif command == "committed":
        print(client.committed(address, topic, int(rest[0]), rest[1]))


main(*sys.argv[1:])
