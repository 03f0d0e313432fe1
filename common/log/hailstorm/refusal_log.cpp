#include "common/log/hailstorm/refusal_log.h"

#include "common/base/logging.h"
#include "common/log/hailstorm/broker_errors.h"

namespace hailstorm::log::hail {

void RefusalLog::note(const TopicPartition& id, const wire::Outcome& outcome) {
  if (outcome.code == wire::ErrorCode::none) {
    if (refused_with_) log_info("the broker takes records again", {{"topic", id.topic}});
    refused_with_.reset();
    return;
  }
  if (!may_pass(outcome.code) || refused_with_ == outcome.code) return;
  refused_with_ = outcome.code;
  log_warn("the broker takes no records now; they wait and are sent again",
           {{"topic", id.topic}, {"partition", id.partition}, error_of(outcome)});
}

}  // namespace hailstorm::log::hail
