#pragma once

#include <memory>
#include <string>

#include "common/base/result.h"

namespace hailstorm::notification {

/// Hands every stored message to a URL, in order, each until it is answered with 2xx: at least
/// once, with "LANE/RIDE_ID/KIND" in `Idempotency-Key`.
///
/// Thread safety: made and destroyed by one thread; works on one of its own.
class Webhook {
 public:
  /// Starts at once. `url` is http://HOST:PORT/PATH; error AddressErrc::not_an_address.
  [[nodiscard]] static Result<std::unique_ptr<Webhook>> start(const std::string& url,
                                                              const std::string& database_path);
  ~Webhook();  // stops

 private:
  Webhook();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hailstorm::notification
