#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/wire/messages.h"

namespace hailstorm::log::hail {

/// What a producer knows about its topics: how many partitions each has, and which it must ask
/// about again.
///
/// Thread safety: not safe.
class TopicDirectory {
 public:
  /// How long the broker may say that a topic does not exist until it is believed: it may be made
  /// just now.
  static constexpr int64_t kBelieveUnknownMs = 5'000;

  /// The topic is in use.
  void want(const std::string& topic);
  /// The broker said that it does not know it.
  void doubt(const std::string& topic, int64_t now_ms);

  /// What is known of all of them may have changed.
  void ask_all(int64_t now_ms);

  /// The topics to ask about now.
  [[nodiscard]] std::vector<std::string> due(int64_t now_ms) const;
  /// When due() will have some; INT64_MAX: never.
  [[nodiscard]] int64_t next_due_ms() const;

  struct News {
    struct Known {
      std::string topic;
      int32_t partition_count = 0;
      int32_t max_batch_bytes = 0;
    };
    std::vector<Known> known;
    std::vector<std::string> gone;  // does not exist, for as long as it takes to be believed
  };
  /// What the broker said about topics that were due.
  [[nodiscard]] News learn(const wire::MetadataReply& reply, int64_t now_ms);
  /// The question was lost, or could not be answered: ask again in a while.
  void retry(int64_t now_ms);
  void forget(const std::string& topic) { topics_.erase(topic); }

 private:
  struct Topic {
    int64_t ask_at_ms = 0;
    std::optional<int64_t> unknown_since_ms;
  };
  std::map<std::string, Topic> topics_;
};

}  // namespace hailstorm::log::hail
