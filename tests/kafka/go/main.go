// A Kafka client of Go as a program, so that a test can start and kill several of them:
//
//	clients NAME ADDRESS COMMAND ARGUMENT…   the commands of tests/kafka/clients/scenario
package main

import (
	"fmt"
	"log"
	"os"
	"strconv"
	"strings"
)

const partitions = 6

type record struct{ key, value string }

type show func(partition int, offset int64, key, value []byte, headers []string)

// client is what each library does; offsets are of one partition.
type client interface {
	produce(topic string, records []record, codec string) error
	consume(topic, group string, show show) error
	// The empty text: there is no record that young.
	firstFrom(topic string, partition int, timeMs int64) (string, error)
	offsets(topic, group string) (committed, end [partitions]int64, err error)
}

func open(name, address string) client {
	if name == "kafka-go" {
		return kafkaGo{address}
	}
	return openSarama(address, strings.TrimPrefix(name, "sarama"))
}

func number(text string) int {
	value, err := strconv.Atoi(text)
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func showLine(partition int, offset int64, key, value []byte, headers []string) {
	fmt.Println(partition, offset, string(key), string(value), strings.Join(headers, ","))
}

func run(client client, command, topic string, rest []string) error {
	switch command {
	case "produce":
		var records []record
		for i := number(rest[0]); i < number(rest[0])+number(rest[1]); i++ {
			records = append(records, record{fmt.Sprint("k", i%20), fmt.Sprint(i)})
		}
		return client.produce(topic, records, rest[2])
	case "consume":
		return client.consume(topic, rest[0], showLine)
	case "first-from":
		value, err := client.firstFrom(topic, number(rest[0]), int64(number(rest[1])))
		if value == "" {
			value = "-1"
		}
		fmt.Println(value)
		return err
	case "lag":
		committed, end, err := client.offsets(topic, rest[0])
		lag := int64(0)
		for i := range end {
			lag += end[i] - max(committed[i], 0)
		}
		fmt.Println(lag)
		return err
	}
	return fmt.Errorf("no command %s", command)
}

func main() {
	if err := run(open(os.Args[1], os.Args[2]), os.Args[3], os.Args[4], os.Args[5:]); err != nil {
		log.Fatal(err)
	}
}
