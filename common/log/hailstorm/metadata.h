#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/wire/messages.h"

namespace hailstorm::log::hail {

/// What a producer knows of its topics, and which it must request again.
///
/// Thread safety: not safe.
class Metadata {
 public:
  /// How long the broker may say that a topic does not exist until the producer believes it: the
  /// topic may be made just now.
  static constexpr int64_t kBelieveUnknownMs = 5'000;

  /// The topic is in use.
  void want(const std::string& topic);
  /// What is known of the topic may be wrong: request it again now.
  void invalidate(const std::string& topic, int64_t now_ms);
  void invalidate_all(int64_t now_ms);

  /// The topics to request now.
  [[nodiscard]] std::vector<std::string> due(int64_t now_ms) const;
  /// When due() will have some; INT64_MAX: never.
  [[nodiscard]] int64_t next_due_ms() const;

  struct Update {
    struct Topic {
      std::string name;
      int32_t partition_count = 0;
      int32_t max_batch_bytes = 0;
    };
    std::vector<Topic> topics;
    std::vector<std::string> missing;  // for so long that it is believed
  };
  /// The broker's answer about topics that were due.
  [[nodiscard]] Update on_reply(const wire::MetadataReply& reply, int64_t now_ms);
  /// The request could not be answered: send it again in a while.
  void on_failure(int64_t now_ms);
  void forget(const std::string& topic) { topics_.erase(topic); }

 private:
  struct Topic {
    int64_t due_ms = 0;
    std::optional<int64_t> missing_since_ms;
  };
  std::map<std::string, Topic> topics_;
};

}  // namespace hailstorm::log::hail
