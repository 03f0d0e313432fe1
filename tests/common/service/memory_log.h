#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/log/log.h"

namespace hailstorm::service {

/// A log of one partition a topic, in memory: every call is answered at once, on the caller's
/// thread, and fails while the log is away. It keeps what groups commit.
///
/// Thread safety: not safe.
class MemoryLog final : public log::Engine {
 public:
  bool is_away = false;

  std::unique_ptr<log::Producer> make_producer(log::ProducerOptions) override;
  std::unique_ptr<log::Consumer> make_consumer(log::ConsumerOptions options) override;
  std::unique_ptr<log::Admin> make_admin(int) override;

  int64_t append(const std::string& topic, log::Record record) {
    auto& records = topics_[topic];
    const auto offset = std::ssize(records);
    records.push_back({topic, 0, offset, 1, std::move(record.key), std::move(record.value),
                       std::move(record.headers)});
    return offset;
  }

 private:
  class Sender;
  class Reader;
  class Manager;
  using Offsets = std::map<std::string, int64_t>;  // by topic

  static Error away() { return {log::LogErrc::unavailable, "the log is away"}; }

  std::map<std::string, std::vector<log::ConsumedRecord>> topics_;
  std::map<std::string, Offsets> committed_;  // by group
};

class MemoryLog::Sender final : public log::Producer {
 public:
  explicit Sender(MemoryLog& owner) : owner_(owner) {}
  Status send(const std::string& topic, log::Record record, log::DeliveryCallback done) override {
    if (owner_.is_away) return away();
    done(log::Delivery{{topic, 0}, owner_.append(topic, std::move(record))});
    return {};
  }
  Status send(const std::string&, std::span<const log::RecordView>,
              const log::BatchCallback&) override {
    return away();
  }
  Status flush(int) override { return {}; }
  std::optional<int32_t> partition_of(const std::string&, std::string_view) override { return 0; }

 private:
  MemoryLog& owner_;
};

/// The only member of its group.
class MemoryLog::Reader final : public log::Consumer {
 public:
  Reader(MemoryLog& owner, std::string group) : owner_(owner), group_(std::move(group)) {}

  void subscribe(std::vector<std::string> topics, log::RebalanceListener listener) override {
    listener_ = std::move(listener);
    for (auto& topic : topics) next_[topic] = owner_.committed_[group_][topic];
  }
  void begin_no_later_than(const std::vector<log::Position>& positions) override {
    for (const auto& position : positions) {
      auto& next = next_[position.id.topic];
      next = std::min(next, position.offset);
    }
  }
  void assign(std::vector<log::Position> positions) override {
    for (const auto& position : positions) next_[position.id.topic] = position.offset;
  }
  Result<std::vector<log::ConsumedRecord>> poll(int) override {
    if (owner_.is_away) return away();
    if (auto assigned = std::exchange(listener_.assigned, {})) assigned(assignment());
    std::vector<log::ConsumedRecord> polled;
    for (auto& [topic, next] : next_) {
      const auto& records = owner_.topics_[topic];
      if (next < std::ssize(records)) polled.push_back(records[static_cast<size_t>(next++)]);
    }
    return polled;
  }
  Result<int64_t> poll(int, const log::RecordVisitor&) override { return away(); }
  Status commit(const std::vector<log::Position>& positions) override {
    if (owner_.is_away) return away();
    for (const auto& position : positions)
      owner_.committed_[group_][position.id.topic] = position.offset;
    return {};
  }
  void commit_soon(const std::vector<log::Position>&) override {}
  std::vector<log::TopicPartition> assignment() const override {
    std::vector<log::TopicPartition> all;
    for (const auto& [topic, next] : next_) all.push_back({topic, 0});
    return all;
  }
  log::GroupMember member() const override { return {"reader", 1}; }
  std::vector<log::ClosedPartition> closed_partitions() const override { return {}; }
  std::vector<std::string> missing_topics() const override { return {}; }
  int64_t lag() const override {
    int64_t lag = 0;
    for (const auto& [topic, next] : next_) lag += std::ssize(owner_.topics_[topic]) - next;
    return lag;
  }
  void wake() override {}

 private:
  MemoryLog& owner_;
  const std::string group_;
  log::RebalanceListener listener_;
  Offsets next_;
};

class MemoryLog::Manager final : public log::Admin {
 public:
  explicit Manager(MemoryLog& owner) : owner_(owner) {}

  Result<bool> create_topic(const std::string& name, const log::TopicSettings&) override {
    if (owner_.is_away) return away();
    return owner_.topics_.try_emplace(name).second;
  }
  Result<std::vector<log::TopicInfo>> describe_topics(
      const std::vector<std::string>& names) override {
    if (owner_.is_away) return away();
    std::vector<log::TopicInfo> found;
    for (const auto& name : names) {
      const auto topic = owner_.topics_.find(name);
      if (topic == owner_.topics_.end()) return Error(log::LogErrc::unknown_topic, name);
      const auto end = std::ssize(topic->second);
      found.push_back({name, {}, {}, {{0, 0, end, 0, "", false}}});
    }
    return found;
  }
  Result<std::vector<log::GroupInfo>> list_groups() override {
    if (owner_.is_away) return away();
    return std::vector<log::GroupInfo>();
  }
  Status delete_topic(const std::string&) override { return away(); }
  Result<std::vector<log::NamedSetting>> alter_topic(
      const std::string&, const std::vector<log::NamedSetting>&) override {
    return away();
  }
  Result<int64_t> delete_records(const log::TopicPartition&, int64_t) override { return away(); }
  Status create_partitions(const std::string&, int32_t) override { return away(); }
  Result<log::FoundOffsets> offsets_at(const std::vector<log::TopicPartition>&, int64_t) override {
    return away();
  }
  Result<log::GroupDescription> describe_group(const std::string&) override { return away(); }
  Status reset_offsets(const std::string&, const std::vector<log::Position>&) override {
    return away();
  }
  Result<log::RewoundGroup> rewind_group(const std::string&,
                                         const std::vector<log::Position>&) override {
    return away();
  }
  Status delete_group(const std::string&) override { return away(); }

 private:
  MemoryLog& owner_;
};

inline std::unique_ptr<log::Producer> MemoryLog::make_producer(log::ProducerOptions) {
  return std::make_unique<Sender>(*this);
}
inline std::unique_ptr<log::Consumer> MemoryLog::make_consumer(log::ConsumerOptions options) {
  return std::make_unique<Reader>(*this, std::move(options.group));
}
inline std::unique_ptr<log::Admin> MemoryLog::make_admin(int) {
  return std::make_unique<Manager>(*this);
}

}  // namespace hailstorm::service
