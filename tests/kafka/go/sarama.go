package main

import (
	"context"
	"log"
	"strings"
	"time"

	"github.com/IBM/sarama"
)

// saramaClient asks in the versions of the Kafka that its configuration names.
type saramaClient struct {
	brokers []string
	config  *sarama.Config
}

func openSarama(address, version string) client {
	config := sarama.NewConfig()
	if version != "" {
		parsed, err := sarama.ParseKafkaVersion(strings.TrimPrefix(version, "-"))
		if err != nil {
			log.Fatal(err)
		}
		config.Version = parsed
	}
	// Its own default partitioner takes FNV-1a.
	config.Producer.Partitioner = sarama.NewMurmur2Partitioner
	config.Producer.RequiredAcks = sarama.WaitForAll
	config.Producer.Return.Successes = true
	config.Producer.Idempotent = true
	config.Net.MaxOpenRequests = 1
	config.Consumer.Offsets.Initial = sarama.OffsetOldest
	config.Consumer.Offsets.AutoCommit.Interval = 200 * time.Millisecond
	config.Consumer.Group.Session.Timeout = 6 * time.Second
	config.Consumer.Group.Heartbeat.Interval = 500 * time.Millisecond
	config.Consumer.MaxWaitTime = 200 * time.Millisecond
	return saramaClient{[]string{address}, config}
}

func (c saramaClient) produce(topic string, records []record, codec string) error {
	if err := c.config.Producer.Compression.UnmarshalText([]byte(codec)); err != nil {
		return err
	}
	producer, err := sarama.NewSyncProducer(c.brokers, c.config)
	if err != nil {
		return err
	}
	defer producer.Close()
	var messages []*sarama.ProducerMessage
	for _, record := range records {
		messages = append(messages, &sarama.ProducerMessage{
			Topic: topic, Key: sarama.StringEncoder(record.key),
			Value:   sarama.StringEncoder(record.value),
			Headers: []sarama.RecordHeader{{Key: []byte("trace"), Value: []byte("t")}},
		})
	}
	return producer.SendMessages(messages)
}

type member struct{ show show }

func (member) Setup(sarama.ConsumerGroupSession) error   { return nil }
func (member) Cleanup(sarama.ConsumerGroupSession) error { return nil }

func (m member) ConsumeClaim(
	session sarama.ConsumerGroupSession, claim sarama.ConsumerGroupClaim,
) error {
	for message := range claim.Messages() {
		var headers []string
		for _, header := range message.Headers {
			headers = append(headers, string(header.Key)+"="+string(header.Value))
		}
		m.show(int(message.Partition), message.Offset, message.Key, message.Value, headers)
		session.MarkMessage(message, "")
	}
	return nil
}

func (c saramaClient) consume(topic, group string, show show) error {
	consumer, err := sarama.NewConsumerGroup(c.brokers, group, c.config)
	for err == nil { // each round is a generation of the group
		err = consumer.Consume(context.Background(), []string{topic}, member{show})
	}
	return err
}

func (c saramaClient) firstFrom(topic string, partition int, timeMs int64) (string, error) {
	client, err := sarama.NewClient(c.brokers, c.config)
	if err != nil {
		return "", err
	}
	defer client.Close()
	offset, err := client.GetOffset(topic, int32(partition), timeMs)
	if err != nil || offset < 0 {
		return "", err
	}
	consumer, err := sarama.NewConsumerFromClient(client)
	if err != nil {
		return "", err
	}
	reader, err := consumer.ConsumePartition(topic, int32(partition), offset)
	if err != nil {
		return "", err
	}
	return string((<-reader.Messages()).Value), nil
}

func (c saramaClient) offsets(topic, group string) (committed, end [partitions]int64, err error) {
	client, err := sarama.NewClient(c.brokers, c.config)
	if err != nil {
		return
	}
	admin, err := sarama.NewClusterAdminFromClient(client)
	if err != nil {
		return
	}
	defer admin.Close()
	asked := map[string][]int32{topic: {}}
	for i := range int32(partitions) {
		asked[topic] = append(asked[topic], i)
		if end[i], err = client.GetOffset(topic, i, sarama.OffsetNewest); err != nil {
			return
		}
	}
	found, err := admin.ListConsumerGroupOffsets(group, asked)
	if err != nil {
		return
	}
	for i := range int32(partitions) {
		committed[i] = found.GetBlock(topic, i).Offset
	}
	return
}
