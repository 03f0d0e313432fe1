#pragma once

#include <memory>
#include <string>

#include "common/base/result.h"
#include "common/log/admin.h"
#include "common/log/consumer.h"
#include "common/log/producer.h"

namespace hailstorm::log {

/// A connection to one log. Must remain live while what it made is in use.
///
/// Thread safety: safe.
class Engine {
 public:
  virtual ~Engine() = default;

  /// May be called while the broker is away: what is made connects by itself as soon as it can.
  [[nodiscard]] virtual std::unique_ptr<Producer> make_producer(ProducerOptions options = {}) = 0;
  [[nodiscard]] virtual std::unique_ptr<Consumer> make_consumer(ConsumerOptions options) = 0;
  /// `timeout_ms`: how long each call waits for the broker's answer.
  [[nodiscard]] virtual std::unique_ptr<Admin> make_admin(int timeout_ms = 5000) = 0;
};

/// The engine of a URL: "hailstorm://HOST:PORT". Error refused: a URL that is none, or of an
/// unknown engine.
[[nodiscard]] Result<std::unique_ptr<Engine>> open(const std::string& url);

}  // namespace hailstorm::log
