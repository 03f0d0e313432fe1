#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/log/log.h"
#include "services/lab/links/link_relay.h"
#include "tests/support/broker_process.h"
#include "tests/support/child.h"
#include "tests/support/temp_folder.h"
#include "tests/system/log_checker/checker.h"

namespace hailstorm::testing {

/// Whose clients use the log.
enum class Clients { ours, librdkafka };

/// One seeded round: a broker, producers, members of groups and an observer, all real processes,
/// which are killed, frozen and cut off at random moments; then all of them are well again, finish
/// their work, and what they saw is checked.
///
/// Thread safety: not safe; the processes die with the thread that made it.
class Round {
 public:
  explicit Round(uint64_t seed, Clients clients = Clients::ours);

  /// "acks 1, 4 partitions, …": what the seed drew.
  [[nodiscard]] const std::string& shape() const { return shape_; }
  /// Breaks things for `duration_ms`.
  void storm(int64_t duration_ms);
  /// Everything runs again; producers end, the groups read all there is. False, and why in
  /// story(): it did not within the deadline.
  [[nodiscard]] bool heal();
  /// All histories together, with the log's content.
  [[nodiscard]] Result<std::vector<history::Event>> events();
  /// What was done when, for a failing test.
  [[nodiscard]] const std::string& story() const { return story_; }
  /// Where the histories are.
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }
  /// Ends the broker, and gives its data folder. False in `well`: it did not end cleanly.
  [[nodiscard]] const std::filesystem::path& close(bool& well);

 private:
  struct Client {
    std::string role;
    std::string name;
    std::string group;
    int life = 0;
    Child child;
    int64_t frozen_until_ms = 0;  // 0: is not
  };
  void start(Client& client);
  void kill_again(Client& client);
  void freeze(Client& client, int64_t duration_ms);
  void thaw(Client& client);
  void break_something();
  void cut_connections();
  void stall(int64_t duration_ms);
  void carry_again();
  bool stop_clients(const std::string& role);
  void add_clients(bool fan_out);
  bool wait_for_groups();
  bool has_read_all(const std::string& group, std::string& why);
  void note(const std::string& what);
  int64_t draw(int64_t low, int64_t high);

  std::mt19937_64 random_;
  TempFolder folder_;
  SystemClock clock_;
  lab::LinkRelay relay_{clock_};
  bool is_over_kafka_;
  int kafka_port_ = free_port();
  int broker_port_;  // of the relay
  BrokerProcess broker_;
  int64_t stalled_until_ms_ = 0;  // 0: the relay carries
  std::unique_ptr<log::Engine> engine_;
  std::unique_ptr<log::Admin> admin_;
  std::vector<Client> clients_;
  std::vector<std::string> groups_;
  int32_t partitions_ = 1;
  std::string acks_;
  std::string value_bytes_;
  std::string per_second_;  // records of a producer
  std::string shape_;
  std::string story_;
  int64_t started_ms_;
};

}  // namespace hailstorm::testing
