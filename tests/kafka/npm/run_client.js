// A Kafka client of npm as a program, so that a test can start and kill several of them:
//   run_client.js MODULE ADDRESS COMMAND ARGUMENT…   the commands of tests/kafka/clients/scenario
const partitions = [0, 1, 2, 3, 4, 5]
const [moduleName, address, command, topic, ...rest] = process.argv.slice(2)
const client = await import(`./${moduleName}_client.js`)

function show(partition, offset, key, value, headers) {
  const shown = headers.map(([name, content]) => `${name}=${content}`).join(',') || '-'
  console.log(`${partition} ${offset} ${key} ${value} ${shown}`)
}

switch (command) {
  case 'produce': {
    const [first, count] = rest.map(Number)
    const records = Array.from({ length: count }, (_, i) => ({
      key: `k${(first + i) % 20}`, value: String(first + i), headers: { trace: 't' }
    }))
    await client.produce(address, topic, records, rest[2])
    break
  }
  case 'consume':
    await client.consume(address, topic, rest[0], show)
    break
  case 'first-from':
    console.log(String(await client.firstFrom(address, topic, Number(rest[0]), Number(rest[1]))))
    process.exit(0)
    break
  case 'lag': {
    const offsets = await client.offsets(address, topic, rest[0], partitions)
    console.log(offsets.reduce((sum, [committed, end]) => sum + end - Math.max(committed, 0), 0))
    process.exit(0)
  }
}
