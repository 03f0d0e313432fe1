#pragma once

#include <cstdint>
#include <string>

#include "common/base/clock.h"

namespace hailstorm::service {

/// Several instances of a service share one outbox; the one that holds this file's lock relays it.
/// The kernel frees the lock of a holder that died. A holder that is frozen keeps it, but stops
/// touching the file; after `kHolderSilenceMs` another instance relays, too. Both may relay for a
/// moment then. That publishes rows twice, which does no harm: their readers know the events' ids.
///
/// Thread safety: not safe.
class RelayLock {
 public:
  static constexpr int64_t kHolderSilenceMs = 2000;

  /// `path` is made if missing. `clock` must remain live while the lock is in use.
  RelayLock(const std::string& path, const Clock& clock);
  ~RelayLock();
  RelayLock(const RelayLock&) = delete;
  RelayLock& operator=(const RelayLock&) = delete;

  /// True while this instance relays. To be called at least every 500 ms, because each call touches
  /// the file.
  [[nodiscard]] bool may_relay();

 private:
  const Clock& clock_;
  int fd_;
  bool held_ = false;
};

}  // namespace hailstorm::service
