"""confluent-kafka (librdkafka) as the tests use it: see run_client.py."""
from confluent_kafka import Consumer, Producer, TopicPartition


def produce(address, topic, records):
    producer = Producer({"bootstrap.servers": address, "enable.idempotence": True,
                         "partitioner": "murmur2_random"})
    failed = []
    for key, value, headers in records:
        producer.produce(topic, key=key, value=value, headers=headers,
                         on_delivery=lambda error, _: error and failed.append(error))
        producer.poll(0)
    producer.flush()
    if failed:
        raise RuntimeError(failed[0])


def consume(address, topic, group, show):
    consumer = Consumer({"bootstrap.servers": address, "group.id": group,
                         "auto.offset.reset": "earliest", "session.timeout.ms": 2000,
                         "heartbeat.interval.ms": 300, "enable.auto.commit": False})
    consumer.subscribe([topic])
    while True:
        message = consumer.poll(0.2)
        if message is None:
            continue
        if message.error():
            raise RuntimeError(message.error())
        show(message.partition(), message.offset(), message.key(), message.value(),
             message.headers() or [])
        consumer.commit(message, asynchronous=True)


def offset_at(address, topic, partition, timestamp_ms):
    consumer = Consumer({"bootstrap.servers": address, "group.id": "none"})
    found = consumer.offsets_for_times([TopicPartition(topic, partition, timestamp_ms)], 10)
    return found[0].offset


def end_offset(address, topic, partition):
    consumer = Consumer({"bootstrap.servers": address, "group.id": "none"})
    return consumer.get_watermark_offsets(TopicPartition(topic, partition), 10)[1]


def committed(address, topic, partition, group):
    consumer = Consumer({"bootstrap.servers": address, "group.id": group})
    return consumer.committed([TopicPartition(topic, partition)], 10)[0].offset
