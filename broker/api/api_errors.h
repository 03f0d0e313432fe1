#pragma once

#include <optional>
#include <string>

#include "broker/partition/topic_store.h"
#include "common/base/error.h"
#include "common/wire/messages.h"

namespace hailstorm::broker {

/// The protocol's word for an error of storage or of a record batch, with its message.
[[nodiscard]] wire::Outcome outcome_of(const Error& error);

/// "topic … does not exist", with what to do about it.
[[nodiscard]] wire::Outcome unknown_topic(const std::string& topic);
/// What was known of the topic is of an older one with its name.
[[nodiscard]] wire::Outcome another_topic(const std::string& topic);
/// Why `topics` gives no partition for `id`: no such topic, another id, no such partition, or it is
/// not open.
[[nodiscard]] wire::Outcome why_no_partition(TopicStore& topics, const wire::TopicPartition& id);

/// Nothing, or that the partition takes no more writes until the next start, and why. A full disk
/// is none of that.
[[nodiscard]] std::optional<wire::Outcome> why_stopped(const Partition& partition);

/// Topics whose names start with two underscores belong to the broker.
[[nodiscard]] bool is_internal(const std::string& topic);

}  // namespace hailstorm::broker
