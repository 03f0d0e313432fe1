#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "common/base/address.h"
#include "common/base/back_off.h"
#include "common/base/result.h"
#include "common/http/client.h"
#include "common/service/loop_thread.h"

namespace hailstorm::notification {

/// Hands every stored message to a URL, in order, each until it is answered with 2xx: at least
/// once, with "LANE/RIDE_ID/KIND" in `Idempotency-Key`.
///
/// Thread safety: made, started and destroyed by one thread.
class Webhook {
 public:
  /// `url` is http://HOST:PORT/PATH; error AddressErrc::not_an_address.
  [[nodiscard]] static Result<std::unique_ptr<Webhook>> make(const std::string& url,
                                                             const std::string& database_path);
  ~Webhook();  // stops
  Webhook(const Webhook&) = delete;
  Webhook& operator=(const Webhook&) = delete;

  /// From now on run_once() is called on a thread of its own.
  void start();

  /// Delivers what there is, up to the first message that is not taken. Gives for how many
  /// milliseconds the next pass may wait; nothing: it stops.
  [[nodiscard]] std::optional<int> run_once();

 private:
  Webhook(Url url, std::string database_path);
  [[nodiscard]] Result<int64_t> deliver();

  http::Client client_;
  const std::string path_;
  const std::string database_path_;
  BackOff back_off_;
  std::atomic<bool> stopping_ = false;
  service::LoopThread thread_;
};

}  // namespace hailstorm::notification
