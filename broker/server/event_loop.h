#pragma once

#include <vector>

#include "broker/api/broker.h"
#include "broker/partition/sync_pool.h"
#include "broker/transport/poller.h"
#include "broker/transport/transport.h"
#include "common/base/clock.h"
#include "common/base/stop_signal.h"

namespace hailstorm::broker {

/// The one thread of the broker: waits for all that may happen, and then lets the transports hand
/// their requests to the broker, the broker do what is due, and the disk's threads get their work.
/// Each pass ends with the answers going out.
///
/// Thread safety: not safe. The references must remain live while it is in use.
class EventLoop {
 public:
  /// The transports' descriptors are watched by `poller`.
  EventLoop(Poller& poller, std::vector<Transport*> transports, Broker& broker, const Clock& clock);

  /// Serves on this thread until `stop` is requested; then answers what waits and returns.
  void run(const StopSignal& stop);

 private:
  void pass();
  void wait(int64_t timeout_ms, bool for_requests);
  void take_requests();
  void take_finished_syncs();
  void compact();
  template <class Work>
  void survive(Work&& work);
  void drain();
  void flush();
  void linger();

  Poller& poller_;
  const std::vector<Transport*> transports_;
  Broker& broker_;
  const Clock& clock_;
  size_t first_ = 0;  // the transport that is served first in this pass
  SyncPool syncs_;
};

}  // namespace hailstorm::broker
