#pragma once

#include "broker/groups/classic_messages.h"
#include "broker/groups/consumer_messages.h"
#include "broker/groups/journaled_group.h"
#include "broker/groups/topic_catalog.h"
#include "common/wire/messages.h"

namespace hailstorm::groups {

/// The group's state, in Kafka's words, and how many members it has.
[[nodiscard]] wire::GroupSummary summarize(const JournaledGroup& group);

/// The same for a classic group alone, as Kafka's tools show it.
[[nodiscard]] ClassicDescribeReply describe_classic(const ClassicGroup& group);
/// The same for a group of KIP-848's protocol.
[[nodiscard]] ConsumerDescribeReply describe_consumer(const JournaledGroup& group);
[[nodiscard]] GroupOverviewReply::Group overview_of(const JournaledGroup& group);

/// The group as an operator sees it: members, and every partition that is subscribed, owned or
/// committed, with its lag.
[[nodiscard]] wire::DescribeGroupReply describe_group(const JournaledGroup& group,
                                                      const TopicCatalog& catalog);

}  // namespace hailstorm::groups
