#include "common/kafka/messages/init_producer_id.h"

#include "common/kafka/define_field.h"

namespace hailstorm::kafka {

Fields InitProducerIdRequest::fields() {
  static constexpr Field kFields[] = {
      field<&InitProducerIdRequest::transactional_id>("TransactionalId"),
      field<&InitProducerIdRequest::transaction_timeout_ms>("TransactionTimeoutMs"),
      field<&InitProducerIdRequest::producer_id>("ProducerId", {.since = 3}),
      field<&InitProducerIdRequest::producer_epoch>("ProducerEpoch", {.since = 3}),
  };
  return kFields;
}

Fields InitProducerIdResponse::fields() {
  static constexpr Field kFields[] = {
      field<&InitProducerIdResponse::throttle_time_ms>("ThrottleTimeMs"),
      field<&InitProducerIdResponse::error_code>("ErrorCode"),
      field<&InitProducerIdResponse::producer_id>("ProducerId"),
      field<&InitProducerIdResponse::producer_epoch>("ProducerEpoch"),
  };
  return kFields;
}

}  // namespace hailstorm::kafka
