#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/wire/messages.h"

namespace hailstorm::groups {

/// Where the coordinator keeps what must survive: one partition of `__consumer_offsets`, seen as a
/// list of key/value records (Kafka's schemas). A null value is a tombstone.
///
/// Thread safety: not safe; the broker's thread owns it.
class GroupJournal {
 public:
  virtual ~GroupJournal() = default;
  struct Entry {
    std::string key;
    std::optional<std::string> value;
  };
  /// Appends one batch, atomically. `durable` is called later on the same thread, once, when the
  /// batch is durable or has failed; answers that promise durability wait for it. An error here:
  /// nothing was written. Error wire::ErrorCode::disk_full: until there is room.
  [[nodiscard]] virtual Status append(const std::string& group, std::vector<Entry> entries,
                                      std::function<void(const Status&)> durable) = 0;
};

/// What the coordinator must know about topics.
class TopicCatalog {
 public:
  virtual ~TopicCatalog() = default;
  /// 0: no such topic (a subscription to it waits until there is one).
  [[nodiscard]] virtual int32_t partition_count(const std::string& topic) const = 0;
  struct Range {
    int64_t log_start_offset = 0;
    int64_t high_watermark = 0;
  };
  [[nodiscard]] virtual std::optional<Range> range(const wire::TopicPartition& id) const = 0;
};

struct CoordinatorOptions {
  int32_t session_timeout_ms = 6000;
  int32_t min_session_timeout_ms = 500;
  int32_t max_session_timeout_ms = 60'000;
  int32_t heartbeat_interval_ms = 500;
  int32_t max_members_per_group = 2000;
};

/// The group coordinator after KIP-848: members, epochs, sticky assignment, offsets. A pure state
/// machine on a clock, a journal and a catalog; it knows neither sockets nor files.
///
/// Thread safety: not safe; the broker's thread owns it. All references must remain live while it
/// is in use.
class Coordinator {
 public:
  Coordinator(GroupJournal& journal, const TopicCatalog& catalog, const Clock& clock,
              CoordinatorOptions options = {});
  ~Coordinator();

  template <class Reply>
  using Answer = std::function<void(Reply)>;

  /// One journal record, in the order in which they were written. Until finish_loading() every
  /// request about groups is answered coordinator_load_in_progress, never with a spurious "none".
  [[nodiscard]] Status replay(std::string_view key, std::optional<std::string_view> value);
  /// Members found in the journal get a whole session from now on.
  void finish_loading();

  /// Each request is answered exactly once through `answer`, at once or when the journal is
  /// durable.
  void heartbeat(const wire::GroupHeartbeatRequest& request,
                 Answer<wire::GroupHeartbeatReply> answer);
  void commit(const wire::OffsetCommitRequest& request, Answer<wire::OffsetCommitReply> answer);
  void fetch_offsets(const wire::OffsetFetchRequest& request,
                     Answer<wire::OffsetFetchReply> answer);
  void list(const wire::ListGroupsRequest& request, Answer<wire::ListGroupsReply> answer) const;
  void describe(const wire::DescribeGroupRequest& request,
                Answer<wire::DescribeGroupReply> answer) const;
  void remove(const wire::DeleteGroupRequest& request, Answer<wire::DeleteGroupReply> answer);

  /// Evicts members whose session or rebalance timeout passed. Call it every 100 ms or so.
  void tick();
  /// A topic was made, grew or went away: subscribed groups are assigned anew; a topic that went
  /// away has its committed offsets tombstoned.
  void topics_changed();

  using GroupFilter = std::function<bool(const std::string& group)>;
  /// Every live journal record (last value of each key) of these groups, for compaction. Without a
  /// filter: of all. REQUIRES: finish_loading() was called.
  [[nodiscard]] std::vector<GroupJournal::Entry> snapshot(const GroupFilter& of = {}) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hailstorm::groups
