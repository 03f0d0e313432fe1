package main

import (
	"context"
	"time"

	"github.com/segmentio/kafka-go"
)

type kafkaGo struct{ address string }

var codecs = map[string]kafka.Compression{
	"gzip": kafka.Gzip, "snappy": kafka.Snappy, "lz4": kafka.Lz4, "zstd": kafka.Zstd,
}

// It has no idempotent producer.
func (c kafkaGo) produce(topic string, records []record, codec string) error {
	writer := kafka.Writer{
		Addr: kafka.TCP(c.address), Topic: topic, Balancer: kafka.Murmur2Balancer{},
		RequiredAcks: kafka.RequireAll, BatchTimeout: 10 * time.Millisecond,
		Compression: codecs[codec],
	}
	defer writer.Close()
	var messages []kafka.Message
	for _, record := range records {
		messages = append(messages, kafka.Message{
			Key: []byte(record.key), Value: []byte(record.value),
			Headers: []kafka.Header{{Key: "trace", Value: []byte("t")}},
		})
	}
	return writer.WriteMessages(context.Background(), messages...)
}

func (c kafkaGo) consume(topic, group string, show show) error {
	reader := kafka.NewReader(kafka.ReaderConfig{
		Brokers: []string{c.address}, GroupID: group, Topic: topic,
		StartOffset: kafka.FirstOffset, MaxWait: 200 * time.Millisecond,
		SessionTimeout: 6 * time.Second, HeartbeatInterval: 500 * time.Millisecond,
		CommitInterval: 200 * time.Millisecond, JoinGroupBackoff: 200 * time.Millisecond,
	})
	for {
		message, err := reader.ReadMessage(context.Background())
		if err != nil {
			return err
		}
		var headers []string
		for _, header := range message.Headers {
			headers = append(headers, header.Key+"="+string(header.Value))
		}
		show(message.Partition, message.Offset, message.Key, message.Value, headers)
	}
}

func (c kafkaGo) firstFrom(topic string, partition int, timeMs int64) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	at := time.UnixMilli(timeMs)
	connection, err := kafka.DialLeader(ctx, "tcp", c.address, topic, partition)
	if err != nil {
		return "", err
	}
	defer connection.Close()
	if offset, err := connection.ReadOffset(at); err != nil || offset < 0 {
		return "", err
	}
	reader := kafka.NewReader(kafka.ReaderConfig{
		Brokers: []string{c.address}, Topic: topic, Partition: partition,
	})
	defer reader.Close()
	if err := reader.SetOffsetAt(ctx, at); err != nil {
		return "", err
	}
	message, err := reader.ReadMessage(ctx)
	return string(message.Value), err
}

func (c kafkaGo) offsets(topic, group string) (committed, end [partitions]int64, err error) {
	client := kafka.Client{Addr: kafka.TCP(c.address)}
	var places []int
	var ends []kafka.OffsetRequest
	for i := range partitions {
		places = append(places, i)
		ends = append(ends, kafka.LastOffsetOf(i))
	}
	found, err := client.OffsetFetch(context.Background(), &kafka.OffsetFetchRequest{
		GroupID: group, Topics: map[string][]int{topic: places},
	})
	if err != nil {
		return
	}
	listed, err := client.ListOffsets(context.Background(), &kafka.ListOffsetsRequest{
		Topics: map[string][]kafka.OffsetRequest{topic: ends},
	})
	if err != nil {
		return
	}
	for _, one := range found.Topics[topic] {
		committed[one.Partition] = one.CommittedOffset
	}
	for _, one := range listed.Topics[topic] {
		end[one.Partition] = one.LastOffset
	}
	return
}
