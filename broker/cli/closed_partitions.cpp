#include "broker/cli/closed_partitions.h"

#include <algorithm>
#include <fmt/format.h>
#include <iostream>

#include "common/base/text.h"
#include "common/json/json.h"
#include "common/log/rewind/group_json.h"

namespace hailstorm::cli {
void ClosedPartitions::print_line(const log::TopicPartition& id, const std::string& error) const {
  if (output_ != Output::json_lines) return;
  std::cout << json::to_sorted_text(log::closed_json({id, error})) << '\n';
  std::cout.flush();
}

void ClosedPartitions::add(const log::TopicPartition& id, const std::string& why,
                           bool seen_by_consumer) {
  const auto [at, is_new] = all_.try_emplace(id, Closed{why, seen_by_consumer});
  at->second.seen_by_consumer = at->second.seen_by_consumer || seen_by_consumer;
  if (!is_new) return;
  std::cout.flush();
  std::cerr << fmt::format(
      "hail: partition {}-{} is closed: {}; 'hail verify' says more, and a start of the broker "
      "opens what is mended\n",
      printable(id.topic), id.partition, printable(why));
  print_line(id, why);
}

void ClosedPartitions::note(const log::TopicInfo& topic) {
  for (const log::PartitionInfo& partition : topic.partitions) {
    if (partition.is_closed) add({topic.name, partition.partition}, partition.error, false);
  }
}

void ClosedPartitions::note(const std::vector<log::ClosedPartition>& closed) {
  for (const auto& [id, why] : closed) add(id, why, false);
}

void ClosedPartitions::note(const log::Consumer& consumer) {
  const auto closed = consumer.closed_partitions();
  for (const auto& [id, why] : closed) add(id, why, true);
  for (const log::TopicPartition& id : consumer.assignment()) {
    const auto known = all_.find(id);
    const bool is_open = std::none_of(closed.begin(), closed.end(),
                                      [&id = id](const auto& other) { return other.id == id; });
    if (known != all_.end() && known->second.seen_by_consumer && is_open) reopened(id);
  }
}

void ClosedPartitions::reopened(const log::TopicPartition& id) {
  if (all_.erase(id) == 0) return;
  std::cout.flush();
  std::cerr << fmt::format("hail: partition {}-{} is open again\n", printable(id.topic),
                           id.partition);
  print_line(id, "");
}

std::vector<log::ClosedPartition> ClosedPartitions::list() const {
  std::vector<log::ClosedPartition> closed;
  for (const auto& [id, one] : all_) closed.push_back({id, one.why});
  return closed;
}

std::string ClosedPartitions::why(const log::TopicPartition& id) const {
  const auto found = all_.find(id);
  return found == all_.end() ? "" : found->second.why;
}

}  // namespace hailstorm::cli
