#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "common/base/bytes.h"
#include "common/base/result.h"
#include "common/base/uuid.h"
#include "common/wire/messages.h"

namespace hailstorm::storage {

/// One topic of `topics.json`.
struct TopicSettings {
  Uuid id;  // zero only where an older program wrote the file, which knew no ids
  wire::TopicConfig config;
};

/// What `topics.json` holds.
struct StoreSettings {
  Uuid cluster_id;                    // zero only where an older program wrote the file
  int64_t reserved_producer_ids = 0;  // ids below may have been given
  std::map<std::string, TopicSettings> topics;
};

[[nodiscard]] std::string to_json(const StoreSettings& settings);

/// Takes the format before ids, too. Error corrupt: no JSON, another format number, a setting
/// missing or out of its bounds, or an id that two topics have.
[[nodiscard]] Result<StoreSettings> settings_from_json(Bytes text);

/// Error invalid: says which setting of a topic is out of its bounds.
[[nodiscard]] Status check_topic(const std::string& name, const wire::TopicConfig& config);

}  // namespace hailstorm::storage
