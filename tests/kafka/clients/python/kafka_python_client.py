"""kafka-python as the tests use it: see run_client.py."""
from kafka import KafkaConsumer, KafkaProducer, TopicPartition


def produce(address, topic, records):
    producer = KafkaProducer(bootstrap_servers=address, acks="all")
    futures = [producer.send(topic, key=key, value=value, headers=headers)
               for key, value, headers in records]
    producer.flush()
    for future in futures:
        future.get(timeout=10)


def consume(address, topic, group, show):
    consumer = KafkaConsumer(topic, bootstrap_servers=address, group_id=group,
                             auto_offset_reset="earliest", session_timeout_ms=3000,
                             heartbeat_interval_ms=300, enable_auto_commit=False)
    while True:
        for records in consumer.poll(timeout_ms=200).values():
            for record in records:
                show(record.partition, record.offset, record.key, record.value, record.headers)
            consumer.commit()


def offset_at(address, topic, partition, timestamp_ms):
    consumer = KafkaConsumer(bootstrap_servers=address)
    found = consumer.offsets_for_times({TopicPartition(topic, partition): timestamp_ms})
    at = found[TopicPartition(topic, partition)]
    return -1 if at is None else at.offset


def end_offset(address, topic, partition):
    consumer = KafkaConsumer(bootstrap_servers=address)
    id = TopicPartition(topic, partition)
    return consumer.end_offsets([id])[id]


def committed(address, topic, partition, group):
    consumer = KafkaConsumer(bootstrap_servers=address, group_id=group)
    return consumer.committed(TopicPartition(topic, partition))
