"""A Kafka client of Python as a program, so that a test can start and kill several of them:

  run_client.py MODULE ADDRESS COMMAND ARGUMENT…   the commands of tests/kafka/clients/scenario
"""
import importlib
import sys

PARTITIONS = range(6)


def show(partition, offset, key, value, headers):
    shown = ",".join(f"{name}={content.decode()}" for name, content in headers) or "-"
    print(partition, offset, key.decode() if key else "-", value.decode(), shown, flush=True)


def main(module, address, command, topic, *rest):
    client = importlib.import_module(module)
    if command == "produce":
        first, count = int(rest[0]), int(rest[1])
        records = [(f"k{i % 20}".encode(), str(i).encode(), [("trace", b"t")])
                   for i in range(first, first + count)]
        client.produce(address, topic, records, rest[2])
    elif command == "consume":
        client.consume(address, topic, rest[0], show)
    elif command == "first-from":
        value = client.first_from(address, topic, int(rest[0]), int(rest[1]))
        print(-1 if value is None else value.decode())
    elif command == "lag":
        offsets = client.offsets(address, topic, rest[0], PARTITIONS)
        print(sum(end - committed for committed, end in offsets))


main(*sys.argv[1:])
