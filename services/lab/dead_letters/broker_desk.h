#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/log/log.h"
#include "services/lab/dead_letters/desk.h"
#include "services/lab/dead_letters/letters.h"

namespace hailstorm::lab {

/// A desk at the log itself. A replay reads the record that was refused from its place, because a
/// letter keeps only the beginning of a large one, and publishes it whole to the topic of replays.
///
/// Thread safety: safe. `engine` must remain live while it is in use.
class BrokerDesk final : public LetterDesk {
 public:
  /// So many of the newest letters of each partition are looked at.
  static constexpr int64_t kMostLetters = 1'000;

  explicit BrokerDesk(log::Engine& engine, int timeout_ms = 20'000)
      : engine_(engine), timeout_ms_(timeout_ms) {}

  [[nodiscard]] Result<json::Value> list() override;
  [[nodiscard]] Result<json::Value> show(const std::string& id) override;
  [[nodiscard]] Result<json::Value> replay(const std::vector<std::string>& ids) override;
  [[nodiscard]] Result<json::Value> replay_all() override;

 private:
  struct Listing {
    std::vector<DeadLetter> letters;
    int64_t more = 0;  // older ones
  };
  [[nodiscard]] Result<Listing> read_letters();
  [[nodiscard]] Result<DeadLetter> find(const std::string& id);
  [[nodiscard]] Result<json::Value> replay(const std::vector<DeadLetter>& letters);
  [[nodiscard]] Result<log::Record> record_for(const DeadLetter& letter);

  log::Engine& engine_;
  const int timeout_ms_;
};

}  // namespace hailstorm::lab
