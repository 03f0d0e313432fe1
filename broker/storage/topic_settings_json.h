#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "common/base/bytes.h"
#include "common/base/result.h"
#include "common/wire/messages.h"

namespace hailstorm::storage {

/// What `topics.json` holds.
struct StoreSettings {
  int64_t reserved_producer_ids = 0;  // ids below may have been given
  std::map<std::string, wire::TopicConfig> topics;
};

[[nodiscard]] std::string to_json(const StoreSettings& settings);

/// Error corrupt: no JSON, another format number, or a setting missing or out of its bounds.
[[nodiscard]] Result<StoreSettings> settings_from_json(Bytes text);

/// Error invalid: says which setting of a topic is out of its bounds.
[[nodiscard]] Status check_topic(const std::string& name, const wire::TopicConfig& config);

}  // namespace hailstorm::storage
