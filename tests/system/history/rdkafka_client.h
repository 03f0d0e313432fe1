#pragma once

#include <librdkafka/rdkafka.h>
#include <memory>
#include <string>

namespace hailstorm::history {

/// librdkafka's objects, each with its end.
struct RdKafkaEnd {
  void operator()(rd_kafka_t* client) const { rd_kafka_destroy(client); }
  void operator()(rd_kafka_message_t* message) const { rd_kafka_message_destroy(message); }
  void operator()(rd_kafka_topic_partition_list_t* list) const {
    rd_kafka_topic_partition_list_destroy(list);
  }
};
using RdKafkaClient = std::unique_ptr<rd_kafka_t, RdKafkaEnd>;
using RdKafkaMessage = std::unique_ptr<rd_kafka_message_t, RdKafkaEnd>;
using RdKafkaPartitions = std::unique_ptr<rd_kafka_topic_partition_list_t, RdKafkaEnd>;

/// librdkafka's settings, for a broker at `address` that comes and goes.
///
/// Thread safety: not safe.
class RdKafkaSettings {
 public:
  explicit RdKafkaSettings(const std::string& address);

  /// Aborts with librdkafka's own words where it does not know the setting.
  RdKafkaSettings& set(const std::string& name, const std::string& value);
  /// For callbacks, which get `opaque`.
  [[nodiscard]] rd_kafka_conf_t* callbacks(void* opaque);
  [[nodiscard]] RdKafkaClient make(rd_kafka_type_t type);

 private:
  rd_kafka_conf_t* conf_;  // until make()
};

}  // namespace hailstorm::history
