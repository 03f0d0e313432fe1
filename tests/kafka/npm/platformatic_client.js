// @platformatic/kafka as the tests use it: see run_client.js. Its own partitioner takes murmur2
// without a sign; compatibilityPartitioner takes it as Kafka's producers do.
import {
  Consumer, MessagesStreamFallbackModes, MessagesStreamModes, Producer, compatibilityPartitioner,
  stringDeserializers, stringSerializers
} from '@platformatic/kafka'

const openConsumer = (address, groupId) => new Consumer({
  clientId: 'test', bootstrapBrokers: [address], groupId, deserializers: stringDeserializers,
  autocommit: false, maxWaitTime: 200
})

export async function produce(address, topic, records, codec) {
  const producer = new Producer({
    clientId: 'test', bootstrapBrokers: [address], serializers: stringSerializers,
    partitioner: compatibilityPartitioner, idempotent: true, acks: -1, compression: codec
  })
  await producer.send({ messages: records.map(record => ({ topic, ...record })) })
  await producer.close()
}

export async function consume(address, topic, groupId, show) {
  const consumer = openConsumer(address, groupId)
  const stream = await consumer.consume({
    topics: [topic], sessionTimeout: 6000, heartbeatInterval: 500, rebalanceTimeout: 10000,
    mode: MessagesStreamModes.COMMITTED, fallbackMode: MessagesStreamFallbackModes.EARLIEST
  })
  for await (const message of stream) {
    show(message.partition, message.offset, message.key, message.value, [...message.headers])
    await message.commit()
  }
}

export async function firstFrom(address, topic, partition, time) {
  const consumer = openConsumer(address, `${topic}-first`)
  const found = await consumer.listOffsets({
    topics: [topic], partitions: { [topic]: [partition] }, timestamp: BigInt(time)
  })
  const offset = found.get(topic)[partition]
  if (offset < 0n) return -1
  const stream = await consumer.consume({
    topics: [topic], mode: MessagesStreamModes.MANUAL,
    offsets: [{ topic, partition, offset }]
  })
  for await (const message of stream) {
    if (message.partition === partition) return message.value
  }
}

export async function offsets(address, topic, groupId, partitions) {
  const consumer = openConsumer(address, groupId)
  const ends = await consumer.listOffsets({ topics: [topic] })
  const committed = await consumer.listCommittedOffsets({ topics: [{ topic, partitions }] })
  return partitions.map(partition =>
    [Number(committed.get(topic)[partition]), Number(ends.get(topic)[partition])])
}
