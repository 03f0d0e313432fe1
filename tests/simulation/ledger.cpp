#include "tests/simulation/ledger.h"

#include <algorithm>
#include <fmt/format.h>

namespace hailstorm::simulation {

void Ledger::reported(const std::string& value, const Result<log::Delivery>& delivery) {
  if (!delivery.ok()) {
    problem(fmt::format("{} was not delivered: {}", value, delivery.error().message()));
  } else if (!acknowledged_.emplace(value, *delivery).second) {
    problem(value + " was reported twice");
  }
}

int64_t Ledger::position(const log::TopicPartition& id) const {
  const auto found = applied_.find(id);
  return found == applied_.end() ? 0 : static_cast<int64_t>(found->second.size());
}

uint64_t Ledger::begin_rewind(const log::TopicPartition& id, int64_t to) {
  rewinds_[++last_rewind_] = {.id = id, .next = to};
  return last_rewind_;
}

void Ledger::end_rewind(uint64_t number, int64_t from) { rewinds_.at(number).end = from; }

void Ledger::read(const log::ConsumedRecord& record) {
  const log::TopicPartition id{record.topic, record.partition};
  for (auto& [number, rewind] : rewinds_) {
    if (rewind.id == id && rewind.next == record.offset) ++rewind.next;
  }
  std::vector<std::string>& applied = applied_[id];
  const auto offset = static_cast<size_t>(record.offset);
  const std::string value = record.value.value_or("null");
  if (offset > applied.size()) {
    problem(fmt::format("{}-{} was read at {}, after {}: what is between is lost", id.topic,
                        id.partition, offset, applied.size()));
  } else if (offset < applied.size()) {
    ++read_again_;
    if (applied[offset] != value)
      problem(fmt::format("{}-{} at {} was {} and is {}", id.topic, id.partition, offset,
                          applied[offset], value));
  } else {
    applied.push_back(value);
    if (!values_.insert(value).second) problem(value + " is in the log twice");
  }
}

bool Ledger::is_complete() const {
  const bool is_redelivered = std::all_of(rewinds_.begin(), rewinds_.end(), [](const auto& rewind) {
    return rewind.second.next >= rewind.second.end;
  });
  return acknowledged_.size() == sent_ && values_.size() == sent_ && is_redelivered;
}

void Ledger::check_contents() {
  for (const auto& [value, delivery] : acknowledged_) {
    const auto& applied = applied_[delivery.id];
    const auto offset = static_cast<size_t>(delivery.offset);
    const bool is_there = values_.contains(value);
    // Offset -1: the broker knew the batch again, but not where it lies.
    const bool is_in_place =
        delivery.offset < 0 || (offset < applied.size() && applied[offset] == value);
    if (!is_there || !is_in_place)
      problem(fmt::format("{} was acknowledged at {}-{} offset {}, and is not there", value,
                          delivery.id.topic, delivery.id.partition, delivery.offset));
  }
}

std::string Ledger::progress() const {
  std::string text = fmt::format("{} sent, {} acknowledged, {} read, {} of them again", sent_,
                                 acknowledged_.size(), values_.size(), read_again_);
  for (const auto& [number, rewind] : rewinds_) {
    if (rewind.next < rewind.end)
      text += fmt::format("; {}-{} was moved back from {}, and {} was not read since",
                          rewind.id.topic, rewind.id.partition, rewind.end, rewind.next);
  }
  return text;
}

}  // namespace hailstorm::simulation
