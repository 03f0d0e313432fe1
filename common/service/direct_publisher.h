#pragma once

#include <memory>
#include <vector>

#include "common/base/result.h"
#include "common/log/log.h"
#include "common/service/outbox.h"
#include "common/service/writer.h"
#include "common/store/database.h"

namespace hailstorm::service {

/// Stands in for outbox and relay with `--unsafe no-outbox`: no transaction leaves a row in the
/// outbox; its events are sent from memory once it is committed. A crash in between loses them.
///
/// Thread safety: used by the writer's thread, but for making and destroying it.
class DirectPublisher {
 public:
  explicit DirectPublisher(log::Engine& engine);
  ~DirectPublisher();  // gives what was sent a moment to reach the log
  DirectPublisher(const DirectPublisher&) = delete;
  DirectPublisher& operator=(const DirectPublisher&) = delete;

  /// `listener`, and this object with it, which must outlive the writer.
  [[nodiscard]] Writer::Listener beside(Writer::Listener listener);

 private:
  [[nodiscard]] Status take_rows(store::Database& db);
  void send();

  std::unique_ptr<log::Producer> producer_;
  std::vector<OutboxRow> taken_;  // of the transaction that is about to be committed
};

}  // namespace hailstorm::service
