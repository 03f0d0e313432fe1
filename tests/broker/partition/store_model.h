#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "broker/partition/topic_store.h"
#include "tests/support/fake_clock.h"

namespace hailstorm::broker {

/// Lives the life of a broker's disk (topics, batches, rolls, retention, restarts) on a file system
/// that may break at any call, and keeps beside it the shadow of what was promised to clients.
///
/// Whatever breaks, it never fails by itself: it notes what was acknowledged and what was read, and
/// check() compares the store that was opened again with these notes.
///
/// Thread safety: not safe. `files` must remain live while it is in use.
class StoreModel {
 public:
  /// "/disk" is there for ever, unlike the folders in it.
  static constexpr const char* kFolder = "/disk/data";

  explicit StoreModel(storage::FileSystem& files, std::string folder = kFolder)
      : files_(files), folder_(std::move(folder)) {}

  /// One life of the process, from open to (perhaps) close. Each step goes on after failures, as
  /// the broker does. Different `life` numbers begin with other steps.
  void live(int life);
  /// SIGKILL: nothing is closed.
  void die() { store_.reset(); }
  /// The power went too: topics with flush=interval may have lost what no sync covered.
  void lose_power();

  /// Opens the store on a healthy disk, compares everything, finishes what was under way, appends
  /// and reads on. What is wrong, one line each; nothing when every promise was kept.
  [[nodiscard]] std::vector<std::string> check();
  [[nodiscard]] int64_t acknowledged() const { return acknowledged_; }

 private:
  using Stored = std::vector<uint8_t>;
  struct Pending {
    Stored batch;
    std::string value;
  };
  struct Notes {
    std::map<int64_t, Stored> acked;  // by base offset: the batch as it was stored
    std::map<int64_t, Stored> seen;   // what any reader was given
    std::set<std::string> attempted;  // values
    std::optional<Pending> pending;   // sent, outcome unknown: is sent again
    int64_t producer = -1;
    int32_t sequence = 0;
    int64_t start_at_least = 0;
    bool is_shortened = false;  // by more than retention
  };
  enum class Existence { unknown, present, absent };
  struct TopicNotes {
    Uuid id;  // zero: not known yet
    Existence existence = Existence::absent;
    wire::TopicConfig config;
    int32_t partitions_at_least = 0;
    int32_t partitions_at_most = 0;
    std::map<int32_t, Notes> partitions;
  };

  [[nodiscard]] bool open();
  void create(const std::string& name, int32_t partitions, wire::FlushPolicy flush);
  void grow(const std::string& name, int32_t partitions);
  void remove(const std::string& name);
  void produce(const std::string& name, int32_t partition, size_t bytes);
  /// Several batches without a producer id before the sync that they share.
  void produce_group(const std::string& name, int32_t partition, int count, size_t bytes);
  void send(Partition& log, Notes& notes);
  void acknowledge(Notes& notes, const storage::Appended& at, const Stored& batch);
  void read(const std::string& name, int32_t partition);
  void enforce_retention();
  /// All but the last `kept` that readers see.
  void delete_records(const std::string& name, int32_t partition, int64_t kept);
  /// Of a topic with flush=interval: its readers and producers wait.
  void wait_for_disk_from_now(const std::string& name);
  void take_producer_ids(int count);
  void close();

  void complain(const std::string& what) { wrong_.push_back(what); }
  void check_topic(const std::string& name, TopicNotes& notes);
  /// The topic keeps its id, and shares it with no topic before it.
  void check_id(const std::string& name, TopicNotes& notes);
  void check_partition(const std::string& where, const TopicNotes& topic, Partition& log,
                       Notes& notes);
  void check_contents(const std::string& where, const std::map<int64_t, Stored>& found,
                      Partition& log, Notes& notes);
  void finish_pending(const std::string& where, Partition& log, Notes& notes);
  [[nodiscard]] std::optional<std::map<int64_t, Stored>> read_all(const std::string& where,
                                                                  Partition& log);

  storage::FileSystem& files_;
  const std::string folder_;
  hailstorm::testing::FakeClock clock_;
  std::unique_ptr<TopicStore> store_;
  std::map<std::string, TopicNotes> topics_;
  std::set<Uuid> known_ids_;  // of every topic that ever was
  int64_t highest_producer_id_ = -1;
  int64_t next_value_ = 0;
  int64_t acknowledged_ = 0;
  bool checking_ = false;
  std::vector<std::string> wrong_;
};

}  // namespace hailstorm::broker
