"""aiokafka as the tests use it: see run_client.py."""
import asyncio

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition


def produce(address, topic, records, codec):
    async def run():
        producer = AIOKafkaProducer(bootstrap_servers=address, acks="all", enable_idempotence=True,
                                    compression_type=None if codec == "none" else codec)
        await producer.start()
        try:
            futures = [await producer.send(topic, key=key, value=value, headers=headers)
                       for key, value, headers in records]
            for future in futures:
                await future
        finally:
            await producer.stop()
    asyncio.run(run())


def consume(address, topic, group, show):
    async def run():
        consumer = AIOKafkaConsumer(topic, bootstrap_servers=address, group_id=group,
                                    auto_offset_reset="earliest", session_timeout_ms=6000,
                                    heartbeat_interval_ms=500, enable_auto_commit=False)
        await consumer.start()
        while True:
            batches = await consumer.getmany(timeout_ms=200)
            for records in batches.values():
                for record in records:
                    show(record.partition, record.offset, record.key, record.value,
                         record.headers)
            if batches:
                await consumer.commit()
    asyncio.run(run())


def with_consumer(address, group, work):
    async def run():
        consumer = AIOKafkaConsumer(bootstrap_servers=address, group_id=group,
                                    enable_auto_commit=False)
        await consumer.start()
        try:
            return await work(consumer)
        finally:
            await consumer.stop()
    return asyncio.run(run())


def first_from(address, topic, partition, timestamp_ms):
    async def work(consumer):
        place = TopicPartition(topic, partition)
        consumer.assign([place])
        found = (await consumer.offsets_for_times({place: timestamp_ms}))[place]
        if found is None:
            return None
        consumer.seek(place, found.offset)
        return (await consumer.getone()).value
    return with_consumer(address, None, work)


def offsets(address, topic, group, partitions):
    async def work(consumer):
        places = [TopicPartition(topic, partition) for partition in partitions]
        ends = await consumer.end_offsets(places)
        return [(await consumer.committed(place) or 0, ends[place]) for place in places]
    return with_consumer(address, group, work)
