#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/log/log.h"
#include "tests/support/broker_process.h"

namespace hailstorm::testing {

/// A record that the broker acknowledged, and where in the row of its producer's records for that
/// partition it stands.
struct SentRecord {
  log::Record record;
  size_t producer = 0;
  int32_t sequence = 0;
};

/// Topics of every shape, written to a real broker through the public client, and the files that
/// the broker left when it was stopped.
///
///   shapes   keys, values and headers, null, empty and many; timestamps out of order
///   batches  1 to 1,000 records a batch, two producers in turn, many segments
///   keyed    four partitions, chosen by key; groups have read it and committed
///   bytes    keys, values and headers that are no text
///
/// Thread safety: not safe.
class WrittenByUs {
 public:
  using Partition = std::map<int64_t, SentRecord>;  // by offset

  WrittenByUs();

  [[nodiscard]] const std::map<log::TopicPartition, Partition>& sent() const { return sent_; }
  [[nodiscard]] std::filesystem::path folder(const log::TopicPartition& id) const;
  /// The partition's files of this kind (".log"), oldest segment first.
  [[nodiscard]] std::vector<std::filesystem::path> files(const log::TopicPartition& id,
                                                         const std::string& suffix) const;
  /// What each group committed last. The group `seats` has a static member; `gone` was deleted.
  using Offsets = std::map<log::TopicPartition, int64_t>;
  [[nodiscard]] const std::map<std::string, Offsets>& committed() const { return committed_; }

 private:
  void write_shapes();
  void write_batches();
  void write_keyed();
  void write_bytes();
  void commit_as(const std::string& group, const std::string& instance_id = "");

  void create(const std::string& topic, int32_t partitions, int64_t segment_bytes = 64 << 20);
  /// Each partition gets one batch of all of its share of `records`.
  void send(size_t producer, const std::string& topic, const std::vector<log::Record>& records);
  void count_sequences();

  BrokerProcess broker_;
  std::unique_ptr<log::Engine> engine_;
  std::vector<std::unique_ptr<log::Producer>> producers_;
  std::map<log::TopicPartition, Partition> sent_;
  std::map<std::string, Offsets> committed_;
};

}  // namespace hailstorm::testing
