#include "tests/system/history/rdkafka_client.h"

#include <array>
#include <iostream>
#include <utility>

#include "common/base/check.h"

namespace hailstorm::history {

RdKafkaSettings::RdKafkaSettings(const std::string& address) : conf_(rd_kafka_conf_new()) {
  set("bootstrap.servers", address);
  set("reconnect.backoff.ms", "20").set("reconnect.backoff.max.ms", "200");
  set("retry.backoff.ms", "50").set("socket.timeout.ms", "5000");
  set("log_level", "3");
}

RdKafkaSettings& RdKafkaSettings::set(const std::string& name, const std::string& value) {
  std::array<char, 512> why{};
  const auto outcome =
      rd_kafka_conf_set(conf_, name.c_str(), value.c_str(), why.data(), why.size());
  if (outcome != RD_KAFKA_CONF_OK) std::cerr << why.data() << "\n";
  HAIL_CHECK(outcome == RD_KAFKA_CONF_OK);
  return *this;
}

rd_kafka_conf_t* RdKafkaSettings::callbacks(void* opaque) {
  rd_kafka_conf_set_opaque(conf_, opaque);
  return conf_;
}

RdKafkaClient RdKafkaSettings::make(rd_kafka_type_t type) {
  std::array<char, 512> why{};
  RdKafkaClient client(rd_kafka_new(type, std::exchange(conf_, nullptr), why.data(), why.size()));
  if (client == nullptr) std::cerr << why.data() << "\n";
  HAIL_CHECK(client != nullptr);
  return client;
}

}  // namespace hailstorm::history
