// kafkajs as the tests use it: see run_client.js. It brings gzip; snappy is a package of its own.
import kafkajs from 'kafkajs'
import snappyCodec from 'kafkajs-snappy'

const { CompressionCodecs, CompressionTypes, Kafka, Partitioners, logLevel } = kafkajs
CompressionCodecs[CompressionTypes.Snappy] = snappyCodec
const codecs = {
  none: CompressionTypes.None, gzip: CompressionTypes.GZIP, snappy: CompressionTypes.Snappy
}

const open = address => new Kafka({ brokers: [address], logLevel: logLevel.WARN })

const openConsumer = (address, groupId) => open(address).consumer({
  groupId, sessionTimeout: 6000, heartbeatInterval: 500, maxWaitTimeInMs: 200
})

export async function produce(address, topic, messages, codec) {
  const producer = open(address).producer({
    createPartitioner: Partitioners.DefaultPartitioner, idempotent: true
  })
  await producer.connect()
  await producer.send({ topic, messages, acks: -1, compression: codecs[codec] })
  await producer.disconnect()
}

export async function consume(address, topic, groupId, show) {
  const consumer = openConsumer(address, groupId)
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await consumer.run({
    autoCommitThreshold: 1,
    eachMessage: async ({ partition, message }) => {
      show(partition, message.offset, message.key, message.value, Object.entries(message.headers))
    }
  })
}

// The offset of a time comes from the admin client: where no record is so young, it says the end.
export async function firstFrom(address, topic, partition, time) {
  const admin = open(address).admin()
  await admin.connect()
  const found = (await admin.fetchTopicOffsetsByTimestamp(topic, time))
    .find(one => one.partition === partition)
  const end = (await admin.fetchTopicOffsets(topic)).find(one => one.partition === partition)
  if (found.offset === end.offset) return -1
  const consumer = openConsumer(address, `${topic}-first`)
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  return new Promise(resolve => {
    consumer.run({
      autoCommit: false,
      eachMessage: async read => {
        if (read.partition === partition && read.message.offset === found.offset) {
          resolve(read.message.value)
        }
      }
    })
    consumer.seek({ topic, partition, offset: found.offset })
  })
}

export async function offsets(address, topic, groupId, partitions) {
  const admin = open(address).admin()
  await admin.connect()
  const ends = await admin.fetchTopicOffsets(topic)
  const [committed] = await admin.fetchOffsets({ groupId, topics: [topic] })
  const of = (list, partition) => Number(list.find(one => one.partition === partition).offset)
  return partitions.map(partition =>
    [of(committed.partitions, partition), of(ends, partition)])
}
