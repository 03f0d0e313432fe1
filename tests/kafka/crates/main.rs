//! rskafka as a program: `clients ADDRESS COMMAND ARGUMENT…` with the commands of
//! tests/kafka/clients/scenario. It knows no groups; the caller names the partition of a record.
use chrono::{DateTime, SubsecRound, Utc};
use rskafka::client::partition::{Compression, OffsetAt, PartitionClient, UnknownTopicHandling};
use rskafka::client::{Client, ClientBuilder};
use rskafka::record::Record;
use std::collections::BTreeMap;
use std::error::Error;

const PARTITIONS: i32 = 6;
const KEYS: i32 = 20;
const MAX_BYTES: i32 = 1_000_000;
const MAX_WAIT_MS: i32 = 200;
const MS_DIGITS: u16 = 3;

type Outcome<T> = Result<T, Box<dyn Error>>;

async fn open(client: &Client, topic: &str, partition: i32) -> Outcome<PartitionClient> {
    Ok(client.partition_client(topic, partition, UnknownTopicHandling::Retry).await?)
}

fn compression(codec: &str) -> Compression {
    match codec {
        "gzip" => Compression::Gzip,
        "lz4" => Compression::Lz4,
        "snappy" => Compression::Snappy,
        "zstd" => Compression::Zstd,
        _ => Compression::NoCompression,
    }
}

fn record(value: i32) -> Record {
    Record {
        key: Some(format!("k{}", value % KEYS).into_bytes()),
        value: Some(value.to_string().into_bytes()),
        headers: BTreeMap::from([("trace".to_owned(), b"t".to_vec())]),
        // It rounds finer times in one way for the batch and in another for its records.
        timestamp: Utc::now().trunc_subsecs(MS_DIGITS),
    }
}

async fn produce(client: &Client, topic: &str, first: i32, count: i32, codec: &str) -> Outcome<()> {
    for partition in 0..PARTITIONS {
        let records = (first..first + count)
            .filter(|value| value % KEYS % PARTITIONS == partition)
            .map(record)
            .collect();
        let partition = open(client, topic, partition).await?;
        partition.produce(records, compression(codec)).await?;
    }
    Ok(())
}

fn text(bytes: &Option<Vec<u8>>) -> String {
    String::from_utf8_lossy(bytes.as_deref().unwrap_or(b"-")).into_owned()
}

fn show(partition: i32, offset: i64, record: &Record) {
    let headers: Vec<String> = (record.headers.iter())
        .map(|(name, content)| format!("{name}={}", String::from_utf8_lossy(content)))
        .collect();
    let (key, value) = (text(&record.key), text(&record.value));
    println!("{partition} {offset} {key} {value} {}", headers.join(","));
}

/// Reads all partitions in turn, until the program is killed.
async fn consume(client: &Client, topic: &str) -> Outcome<()> {
    let mut readers = Vec::new();
    for partition in 0..PARTITIONS {
        readers.push((open(client, topic, partition).await?, 0));
    }
    loop {
        for (reader, next) in &mut readers {
            let (records, _) = reader.fetch_records(*next, 1..MAX_BYTES, MAX_WAIT_MS).await?;
            for read in records {
                show(reader.partition(), read.offset, &read.record);
                *next = read.offset + 1;
            }
        }
    }
}

async fn first_from(client: &Client, topic: &str, partition: i32, ms: i64) -> Outcome<String> {
    let reader = open(client, topic, partition).await?;
    let time = DateTime::from_timestamp_millis(ms).ok_or("no time")?;
    let offset = reader.get_offset(OffsetAt::Timestamp(time)).await?;
    if offset < 0 {
        return Ok("-1".to_owned());
    }
    let (records, _) = reader.fetch_records(offset, 1..MAX_BYTES, MAX_WAIT_MS).await?;
    Ok(text(&records.first().ok_or("no record")?.record.value))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [address, command, topic, rest @ ..] = arguments.as_slice() else {
        return Err("clients ADDRESS COMMAND TOPIC ARGUMENT…".into());
    };
    let client = ClientBuilder::new(vec![address.clone()]).build().await?;
    match (command.as_str(), rest) {
        ("produce", [first, count, codec]) => {
            produce(&client, topic, first.parse()?, count.parse()?, codec).await?
        }
        ("consume", _) => consume(&client, topic).await?,
        ("first-from", [partition, ms]) => {
            println!("{}", first_from(&client, topic, partition.parse()?, ms.parse()?).await?)
        }
        _ => return Err(format!("no command {command}").into()),
    }
    Ok(())
}
