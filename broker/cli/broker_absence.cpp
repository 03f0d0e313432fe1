#include "broker/cli/broker_absence.h"

#include <fmt/format.h>
#include <iostream>

#include "common/log/log.h"

namespace hailstorm::cli {

bool BrokerAbsence::explains(const Error& error) {
  if (!error.is(log::LogErrc::unavailable)) return false;
  if (!is_away_)
    std::cerr << fmt::format("hail: the broker at {} does not answer; waiting for it\n", broker_);
  is_away_ = true;
  return true;
}

void BrokerAbsence::is_over() {
  if (is_away_) std::cerr << fmt::format("hail: the broker at {} answers again\n", broker_);
  is_away_ = false;
}

}  // namespace hailstorm::cli
