"""A member of a group of the consumer protocol with confluent-kafka (librdkafka), for run.

  member.py ADDRESS GROUP TOPIC [SETTING=VALUE…]

Reads from the earliest offset on until it is stopped, commits each record, and prints its
partition, its offset and its value. TOPIC may be a pattern that begins with ^.
"""
import signal
import sys

from confluent_kafka import Consumer, KafkaException


def main(address, group, topic, *settings):
    config = {"bootstrap.servers": address, "group.id": group, "group.protocol": "consumer",
              "auto.offset.reset": "earliest", "enable.auto.commit": False,
              **dict(setting.split("=", 1) for setting in settings)}
    consumer = Consumer(config)
    consumer.subscribe([topic])
    stopped = []
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
    while not stopped:
        message = consumer.poll(0.2)
        if message is None:
            continue
        if message.error():
            raise KafkaException(message.error())
        print(f"{message.topic()}-{message.partition()}", message.offset(),
              message.value().decode(), flush=True)
        consumer.commit(message, asynchronous=True)
    consumer.close()


main(*sys.argv[1:])
