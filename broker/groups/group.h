#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "broker/groups/assignor.h"
#include "broker/groups/coordinator_options.h"
#include "broker/groups/topic_catalog.h"
#include "common/wire/messages.h"

namespace hailstorm::groups {

/// A topic and how many partitions it had when the group looked.
struct SeenTopic {
  Uuid id;
  int32_t partitions = 0;
  friend bool operator==(const SeenTopic&, const SeenTopic&) = default;
};
using SeenTopics = std::map<std::string, SeenTopic>;  // by name

/// Partitions, and the epoch since which a member has had each without a break.
using Holdings = std::map<wire::TopicPartition, int32_t>;

/// One member as the coordinator knows it. `epoch` is kLeaveStaticEpoch while a static member is
/// away.
struct Member {
  std::string id;
  std::string instance_id;  // empty: dynamic
  std::vector<std::string> topics;
  int32_t session_timeout_ms = 0;
  int32_t rebalance_timeout_ms = 0;
  int32_t epoch = 0;
  int32_t previous_epoch = 0;
  Holdings assigned;  // may hold
  Holdings revoking;  // to be released; the member has not confirmed it
  Partitions target;  // what it will hold in the end
  int64_t session_deadline_ms = 0;
  int64_t revoke_deadline_ms = 0;  // only while `revoking` is not empty

  [[nodiscard]] bool away() const { return epoch == wire::kLeaveStaticEpoch; }
  [[nodiscard]] bool has(const wire::TopicPartition& id_of_partition) const {
    return assigned.contains(id_of_partition) || revoking.contains(id_of_partition);
  }
};

/// KIP-848's state machine for one group: its members, the target assignment, and each member's
/// way towards it. A partition has at most one owner: it goes on only after its owner said in a
/// heartbeat that it has let go, or was removed. A partition of a topic that was made again is
/// another partition. Knows neither journal nor committed offsets.
///
/// Thread safety: not safe. The catalog and the options must remain live while it is in use.
class Group {
 public:
  Group(std::string name, const TopicCatalog& catalog, const CoordinatorOptions& options)
      : name_(std::move(name)), catalog_(catalog), options_(options) {}

  /// Joins, stays, or leaves, as the request's epoch says. An outcome that is not none changed
  /// nothing.
  [[nodiscard]] wire::Outcome heartbeat(const wire::GroupHeartbeatRequest& request, int64_t now_ms);
  /// REQUIRES: heartbeat() has just accepted `request`.
  [[nodiscard]] wire::GroupHeartbeatReply reply_to(
      const wire::GroupHeartbeatRequest& request) const;

  /// May this commit happen? Members only for what they hold and have held since the epoch they
  /// name; an administrator only while there is no member.
  [[nodiscard]] wire::Outcome check_commit(const wire::OffsetCommitRequest& request) const;

  /// Removes members whose session or rebalance timeout has passed.
  void expire(int64_t now_ms);
  /// Assigns again if a subscribed topic came, went, or has another id or number of partitions than
  /// the last time.
  void refresh_topics();

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] int32_t epoch() const { return epoch_; }
  [[nodiscard]] const std::map<std::string, Member>& members() const { return members_; }
  /// The subscribed topics that exist, as of the last assignment.
  [[nodiscard]] const SeenTopics& subscribed() const { return subscribed_; }
  /// Each topic as it was when the group first subscribed to it; with no partitions where the topic
  /// was made after that. It stays when the group is empty, for the life of the topic.
  [[nodiscard]] const SeenTopics& first_seen() const { return first_seen_; }
  /// The partition came after the group had subscribed to its topic, so that the group has to read
  /// all of it.
  [[nodiscard]] bool is_new_to_group(const wire::TopicPartition& id) const;
  /// The subscribed topics that do not exist, of one member.
  [[nodiscard]] std::vector<std::string> missing_topics(const Member& member) const;
  /// The id of the member that has the partition, or empty.
  [[nodiscard]] std::string owner(const wire::TopicPartition& id) const;
  [[nodiscard]] const std::map<wire::TopicPartition, std::string>& owners() const {
    return owners_;
  }
  /// Kafka's words.
  [[nodiscard]] wire::GroupSummary summary() const;

  /// The members that changed, came or went since the last call.
  [[nodiscard]] std::set<std::string> take_changed();
  [[nodiscard]] bool changed() const { return !changed_.empty(); }

  /// While loading: what the journal says. A partition that two members claim stays with the first.
  void restore(int32_t epoch, SeenTopics subscribed, SeenTopics first_seen);
  void restore(Member member, int64_t now_ms);
  /// An older program, which did not write first_seen(), had the topic as it is now.
  void knew(const std::string& topic);
  /// All of it is to be written again.
  void change_all();

 private:
  using Request = wire::GroupHeartbeatRequest;

  [[nodiscard]] wire::Outcome join(const Request& request, int64_t now_ms);
  [[nodiscard]] wire::Outcome stay(const Request& request, int64_t now_ms);
  [[nodiscard]] wire::Outcome leave(const Request& request, int64_t now_ms);
  [[nodiscard]] wire::Outcome check_member(const Request& request) const;
  [[nodiscard]] wire::Outcome no_such_member(const Request& request) const;

  Member& enter(const Request& request);
  void go_away(Member& member, int64_t now_ms);
  /// True when the subscription is another one now.
  bool update(Member& member, const Request& request, int64_t now_ms);
  void reconcile(Member& member, const Partitions& owned, int64_t now_ms);
  void take_what_is_free(Member& member);
  /// Releases what `keep` refuses; true when that was something.
  template <class Keep>
  bool keep_only(Member& member, Keep&& keep);
  void release(Holdings& holdings);
  void remove(const std::string& member_id);
  void assign_anew();
  /// The same with its topic's id, where the member did not name one.
  [[nodiscard]] wire::TopicPartition with_id(const wire::TopicPartition& id) const;
  [[nodiscard]] Partitions owned_in(const Request& request) const;
  [[nodiscard]] SeenTopics subscribed_now() const;
  [[nodiscard]] bool subscribes(const std::string& topic) const;
  /// Remembers how many partitions topics have that nobody subscribed to before.
  void first_see(const std::vector<std::string>& topics);
  void refresh_first_seen();

  std::string name_;
  const TopicCatalog& catalog_;
  const CoordinatorOptions& options_;
  int32_t epoch_ = 0;  // of the group; the target is always made at once, so it is the target's too
  SeenTopics subscribed_;
  SeenTopics first_seen_;
  std::map<std::string, Member> members_;
  std::map<std::string, std::string> instances_;  // instance id → member id
  std::map<wire::TopicPartition, std::string> owners_;
  std::set<std::string> changed_;
};

}  // namespace hailstorm::groups
