#!/usr/bin/env bash
# Kafka's own command, where librdkafka's tests look for it.
exec "$(dirname "$(readlink -f "$0")")/../../../kafka" run org.apache.kafka.tools.TopicCommand "$@"
