#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/kafka/api.h"
#include "common/kafka/field.h"

/// The id of an idempotent producer.
namespace hailstorm::kafka {

struct InitProducerIdRequest {
  using Response = struct InitProducerIdResponse;
  static constexpr ApiKey kKey = ApiKey::init_producer_id;
  static constexpr std::string_view kName = "InitProducerIdRequest";

  std::optional<std::string> transactional_id = "";
  int32_t transaction_timeout_ms = 0;
  int64_t producer_id = -1;
  int16_t producer_epoch = -1;

  static Fields fields();
};

struct InitProducerIdResponse {
  static constexpr ApiKey kKey = ApiKey::init_producer_id;
  static constexpr std::string_view kName = "InitProducerIdResponse";

  int32_t throttle_time_ms = 0;
  int16_t error_code = 0;
  int64_t producer_id = -1;
  int16_t producer_epoch = 0;

  static Fields fields();
};

}  // namespace hailstorm::kafka
