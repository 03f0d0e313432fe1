#pragma once

#include <cstdint>
#include <memory>

#include "services/lab/supervisor/layout.h"
#include "services/lab/supervisor/sample.h"

namespace hailstorm::lab {

/// Asks one process over HTTP how it is: services GET /status, the broker GET /readyz.
///
/// Thread safety: not safe.
class StatusReader {
 public:
  explicit StatusReader(const ProcessPlan& plan);
  ~StatusReader();
  StatusReader(StatusReader&& other) noexcept;

  /// Fills in what HTTP tells: answers, ready, outbox, events, rate, dead_letters. A process that
  /// does not run is not asked; its outbox is taken to be as it was.
  void read(ProcessSample& sample, int64_t now_ms);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hailstorm::lab
