#pragma once

#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "broker/groups/coordinator.h"

namespace hailstorm::groups {

enum class JournalErrc { refused, not_durable };
inline std::string_view name_of(JournalErrc code) {
  return code == JournalErrc::refused ? "refused" : "not_durable";
}

/// A journal that is a list. What is appended is durable at once, or, while it is held, when the
/// test says so.
///
/// Thread safety: not safe.
class MemoryJournal final : public GroupJournal {
 public:
  Status append(const std::string&, std::vector<Entry> entries,
                std::function<void(const Status&)> durable) override {
    if (std::exchange(refuse_next_, false)) {
      return Error(JournalErrc::refused, "the test wants it so");
    }
    ++batches_;
    pending_.push_back({std::move(entries), std::move(durable)});
    if (!held_) settle();
    return {};
  }

  void hold() { held_ = true; }
  /// All that is pending becomes durable, and from now on every append is durable at once.
  void settle() {
    held_ = false;
    while (!pending_.empty()) end_first(true, {});
  }
  /// Makes only the oldest pending batch durable.
  void settle_first() { end_first(true, {}); }
  /// All that is pending fails. Whether it is in the log says `in_the_log`; the coordinator cannot
  /// know.
  void fail(bool in_the_log) {
    held_ = false;
    while (!pending_.empty()) {
      end_first(in_the_log, Error(JournalErrc::not_durable, "the test wants it so"));
    }
  }
  void refuse_next() { refuse_next_ = true; }
  /// The process dies: the first `kept` pending batches are in the log, without a callback.
  void die(size_t kept) {
    held_ = false;
    refuse_next_ = false;
    for (; kept > 0 && !pending_.empty(); --kept) {
      write(pending_.front().entries);
      pending_.pop_front();
    }
    pending_.clear();
  }

  [[nodiscard]] size_t pending() const { return pending_.size(); }
  [[nodiscard]] bool held() const { return held_; }
  [[nodiscard]] size_t batches() const { return batches_; }
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
  /// As after compaction.
  void replace(std::vector<Entry> entries) { entries_ = std::move(entries); }

 private:
  struct Batch {
    std::vector<Entry> entries;
    std::function<void(const Status&)> durable;
  };

  void write(const std::vector<Entry>& entries) {
    entries_.insert(entries_.end(), entries.begin(), entries.end());
  }
  void end_first(bool in_the_log, const Status& status) {
    const Batch batch = std::move(pending_.front());
    pending_.pop_front();
    if (in_the_log) write(batch.entries);
    batch.durable(status);
  }

  std::vector<Entry> entries_;
  std::deque<Batch> pending_;
  size_t batches_ = 0;
  bool held_ = false;
  bool refuse_next_ = false;
};

/// Topics by name, with as many partitions as the test says. Thread safety: not safe.
class FakeCatalog final : public TopicCatalog {
 public:
  [[nodiscard]] Uuid topic_id(const std::string& topic) const override {
    const auto at = ids.find(topic);
    return at == ids.end() ? Uuid() : at->second;
  }
  [[nodiscard]] int32_t partition_count(const std::string& topic) const override {
    const auto at = counts.find(topic);
    return at == counts.end() ? 0 : at->second;
  }
  [[nodiscard]] std::vector<std::string> topics() const override {
    std::vector<std::string> names;
    for (const auto& [name, count] : counts) names.push_back(name);
    return names;
  }
  [[nodiscard]] std::optional<Range> range(const wire::TopicPartition& id) const override {
    if (id.partition >= partition_count(id.topic)) return std::nullopt;
    return Range{10, high_watermark};
  }
  std::map<std::string, int32_t> counts;
  int64_t high_watermark = 100;
  std::map<std::string, Uuid> ids;  // of the topics of tests that speak of ids
};

}  // namespace hailstorm::groups
