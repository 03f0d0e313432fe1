"""aiokafka as the tests use it: see run_client.py."""
import asyncio

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition


def produce(address, topic, records):
    async def run():
        producer = AIOKafkaProducer(bootstrap_servers=address, acks="all", enable_idempotence=True)
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
                                    auto_offset_reset="earliest", session_timeout_ms=3000,
                                    heartbeat_interval_ms=300, enable_auto_commit=False)
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
        consumer = AIOKafkaConsumer(bootstrap_servers=address, group_id=group)
        await consumer.start()
        try:
            return await work(consumer)
        finally:
            await consumer.stop()
    return asyncio.run(run())


def offset_at(address, topic, partition, timestamp_ms):
    async def work(consumer):
        found = await consumer.offsets_for_times({TopicPartition(topic, partition): timestamp_ms})
        at = found[TopicPartition(topic, partition)]
        return -1 if at is None else at.offset
    return with_consumer(address, None, work)


def end_offset(address, topic, partition):
    async def work(consumer):
        return (await consumer.end_offsets([TopicPartition(topic, partition)]))[
            TopicPartition(topic, partition)]
    return with_consumer(address, None, work)


def committed(address, topic, partition, group):
    async def work(consumer):
        return await consumer.committed(TopicPartition(topic, partition))
    return with_consumer(address, group, work)
