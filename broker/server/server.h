#pragma once

#include "broker/partition/sync_pool.h"
#include "broker/server/broker.h"
#include "broker/server/router.h"
#include "common/base/clock.h"
#include "common/base/stop_signal.h"

namespace hailstorm::broker {

/// The loop that drives a Broker with a real socket, a real clock and real threads for the disk.
///
/// Thread safety: not safe. The references must remain live while it is in use.
class Server {
 public:
  Server(Router& router, Broker& broker, const Clock& clock);

  /// Serves on this thread until `stop` is requested; then answers what waits and returns.
  void run(const StopSignal& stop);

 private:
  void take_requests();
  void take_finished_syncs();
  template <class Work>
  void survive(Work&& work);
  void drain();

  Router& router_;
  Broker& broker_;
  const Clock& clock_;
  SyncPool syncs_;
};

}  // namespace hailstorm::broker
