#pragma once

#include <vector>

#include "common/service/service.h"

namespace hailstorm::testing {

/// Effects that a test can look at. Thread safety: not safe.
class RecordedEffects final : public service::Effects {
 public:
  Status publish(const events::Event& event) override {
    published.push_back(event);
    return {};
  }
  std::vector<events::Event> published;
};

}  // namespace hailstorm::testing
