"""kafka-python as the tests use it: see run_client.py."""
from kafka import KafkaConsumer, KafkaProducer, TopicPartition


def produce(address, topic, records, codec):
    producer = KafkaProducer(bootstrap_servers=address, acks="all", linger_ms=20,
                             compression_type=None if codec == "none" else codec)
    futures = [producer.send(topic, key=key, value=value, headers=headers)
               for key, value, headers in records]
    producer.flush()
    for future in futures:
        future.get(timeout=10)


def consume(address, topic, group, show):
    consumer = KafkaConsumer(topic, bootstrap_servers=address, group_id=group,
                             auto_offset_reset="earliest", session_timeout_ms=6000,
                             heartbeat_interval_ms=500, enable_auto_commit=False)
    while True:
        for records in consumer.poll(timeout_ms=200).values():
            for record in records:
                show(record.partition, record.offset, record.key, record.value, record.headers)
            consumer.commit()


def first_from(address, topic, partition, timestamp_ms):
    consumer = KafkaConsumer(bootstrap_servers=address, enable_auto_commit=False)
    place = TopicPartition(topic, partition)
    consumer.assign([place])
    found = consumer.offsets_for_times({place: timestamp_ms})[place]
    if found is None:
        return None
    consumer.seek(place, found.offset)
    return next(consumer).value


def offsets(address, topic, group, partitions):
    consumer = KafkaConsumer(bootstrap_servers=address, group_id=group, enable_auto_commit=False)
    places = [TopicPartition(topic, partition) for partition in partitions]
    ends = consumer.end_offsets(places)
    return [(consumer.committed(place) or 0, ends[place]) for place in places]
