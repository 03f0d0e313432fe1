"""confluent-kafka (librdkafka) as the tests use it: see run_client.py."""
from confluent_kafka import Consumer, Producer, TopicPartition


def produce(address, topic, records, codec):
    producer = Producer({"bootstrap.servers": address, "enable.idempotence": True,
                         "partitioner": "murmur2_random", "compression.type": codec})
    failed = []
    for key, value, headers in records:
        producer.produce(topic, key=key, value=value, headers=headers,
                         on_delivery=lambda error, _: error and failed.append(error))
        producer.poll(0)
    producer.flush()
    if failed:
        raise RuntimeError(failed[0])


def open_consumer(address, group):
    return Consumer({"bootstrap.servers": address, "group.id": group,
                     "auto.offset.reset": "earliest", "session.timeout.ms": 6000,
                     "heartbeat.interval.ms": 500, "enable.auto.commit": False})


def consume(address, topic, group, show):
    consumer = open_consumer(address, group)
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


def first_from(address, topic, partition, timestamp_ms):
    consumer = open_consumer(address, "none")
    found = consumer.offsets_for_times([TopicPartition(topic, partition, timestamp_ms)], 10)
    if found[0].offset < 0:
        return None
    consumer.assign(found)
    return consumer.poll(10).value()


def offsets(address, topic, group, partitions):
    consumer = open_consumer(address, group)
    places = [TopicPartition(topic, partition) for partition in partitions]
    return [(max(place.offset, 0), consumer.get_watermark_offsets(place, 10)[1])
            for place in consumer.committed(places, 10)]
