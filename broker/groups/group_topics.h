#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "broker/groups/members.h"
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

/// The topics that the members of one group subscribe to, as they are now, and as they were when
/// the group first subscribed to each.
///
/// Thread safety: not safe. The catalog must remain live while it is in use.
class GroupTopics {
 public:
  explicit GroupTopics(const TopicCatalog& catalog) : catalog_(catalog) {}

  /// The subscribed topics that exist, as of the last set_subscribed().
  [[nodiscard]] const SeenTopics& subscribed() const { return subscribed_; }
  /// Each topic as it was when the group first subscribed to it; with no partitions where the topic
  /// was made after that. It stays when the group is empty, for the life of the topic.
  [[nodiscard]] const SeenTopics& first_seen() const { return first_seen_; }
  /// The partition came after the group had subscribed to its topic, so that the group has to read
  /// all of it.
  [[nodiscard]] bool is_new_to_group(const wire::TopicPartition& id) const;

  /// The topics that these members subscribe to and that exist now.
  [[nodiscard]] SeenTopics existing(const Members& members) const;
  /// What Kafka's client subscribes to by names and by a pattern.
  [[nodiscard]] std::vector<std::string> subscription_of(const MemberDetails& details) const;
  /// The topics of one member's subscription that do not exist.
  [[nodiscard]] std::vector<std::string> missing(const Member& member) const;
  /// The same with its topic's id, where the member did not name one.
  [[nodiscard]] wire::TopicPartition with_id(const wire::TopicPartition& id) const;
  [[nodiscard]] Partitions with_ids(const std::vector<wire::TopicPartition>& ids) const;

  void set_subscribed(SeenTopics topics) { subscribed_ = std::move(topics); }
  /// Remembers how many partitions those topics have that no member has subscribed to so far.
  void first_see(const Members& members, const std::vector<std::string>& topics);
  /// Gives true if that changed first_seen(). A topic that is made while the group is subscribed to
  /// it is new to the group as a whole.
  bool refresh_first_seen(const Members& members);
  /// For a group of an older program, which did not write what it first saw: takes the topic as it
  /// is now. Gives true if that changed first_seen().
  bool assume_seen(const std::string& topic);
  /// While loading: what the journal says.
  void restore(SeenTopics subscribed, SeenTopics first_seen);

 private:
  const TopicCatalog& catalog_;
  SeenTopics subscribed_;
  SeenTopics first_seen_;
};

}  // namespace hailstorm::groups
