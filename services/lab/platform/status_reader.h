#pragma once

#include <cstdint>

#include "common/http/client.h"
#include "services/lab/platform/layout.h"
#include "services/lab/platform/sample.h"

namespace hailstorm::lab {

/// Asks one process over HTTP for its state: services GET /status, the broker GET /readyz.
///
/// Thread safety: not safe.
class StatusReader {
 public:
  explicit StatusReader(const ProcessPlan& plan);

  /// Fills in what HTTP gives: answers, ready, outbox, events, rate, dead_letters. A process that
  /// does not run is not asked, and its outbox is assumed to be unchanged. `now_ms`: steady clock.
  void read(ProcessSample& sample, int64_t now_ms);

 private:
  void read_status(const http::Response& response, ProcessSample& sample, int64_t now_ms);
  void measure_rate(int64_t events, int64_t now_ms);

  const bool is_service_;
  http::Client client_;
  int64_t outbox_ = 0;
  int64_t events_then_ = 0;
  int64_t then_ms_ = 0;
  double rate_ = 0;
};

}  // namespace hailstorm::lab
