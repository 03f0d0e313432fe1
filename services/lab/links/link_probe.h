#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "services/lab/links/link_relay.h"
#include "services/lab/links/socket.h"

namespace hailstorm::lab {

/// A connection through one fault of a link, between two sockets of the probe's own, so that the
/// link's server is not disturbed. It sends bytes in one direction and notes how they come.
///
/// Thread safety: not safe.
class LinkProbe {
 public:
  /// Through the fault `action` of the link as it is now, on or off, and through none of the
  /// others. Errors: unknown_link, cannot_listen.
  [[nodiscard]] static Result<LinkProbe> begin(LinkRelay& relay, const std::string& link,
                                               FaultAction action, Stream stream, size_t bytes);

  struct Seen {
    int64_t first_us = 0;  // after its begin; of the first byte, and of the last one until now
    int64_t last_us = 0;
    size_t bytes = 0;
    int pieces = 0;
    bool is_all = false;
    bool is_ended = false;  // in order, or by a reset
    bool is_reset = false;
  };
  [[nodiscard]] const Seen& seen() const { return seen_; }
  [[nodiscard]] int64_t age_us() const;
  [[nodiscard]] Stream stream() const { return stream_; }

  /// Sends and receives until all bytes have come on each of them, or their connections have ended
  /// (`for_end`: until then in any case); no longer than `patience`.
  static void watch(std::vector<LinkProbe>& probes, std::chrono::milliseconds patience,
                    bool for_end = false);

 private:
  LinkProbe(Socket from, Socket to, Stream stream, size_t bytes);
  void send_some();
  void receive_some();
  [[nodiscard]] bool is_done(bool for_end) const;

  Socket from_;
  Socket to_;
  Stream stream_;
  size_t wanted_bytes_;
  size_t sent_bytes_ = 0;
  std::chrono::steady_clock::time_point began_;
  Seen seen_;
};

}  // namespace hailstorm::lab
