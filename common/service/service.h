#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/base/metrics.h"
#include "common/base/result.h"
#include "common/base/stop_signal.h"
#include "common/http/server.h"
#include "common/service/lanes.h"
#include "common/service/reactor.h"
#include "common/service/settings.h"
#include "common/store/database.h"

/// The runtime that every service runs on: it polls a batch, opens one transaction, skips what the
/// inbox knows, calls the service for each event, commits once, commits the offsets, and relays the
/// outbox.
namespace hailstorm::service {

/// One running service: database, consumer loop, relay, HTTP with /healthz, /readyz, /metrics and
/// /status.
///
/// GET /status answers
/// {"service":…,"ready":bool,"lag":N,"outbox":N,"events":N,"dead_letters":N,
/// "closed_partitions":[…]}:
/// lag of this instance's partitions, outbox rows not yet relayed, events handled since start, and
/// which of its partitions the broker has closed, as {"topic":…,"partition":N,"error":why}.
///
/// Thread safety: made and run by one thread.
class Service {
 public:
  /// Opens the store and runs `migrations`, numbered apart from the runtime's own. Every error
  /// says what to do.
  [[nodiscard]] static Result<std::unique_ptr<Service>> open(
      ServiceSettings settings, const std::vector<std::string>& migrations);
  ~Service();

  /// The service's own routes are added here before run().
  [[nodiscard]] http::Server& http();
  [[nodiscard]] Metrics& metrics();
  [[nodiscard]] const std::string& database_path() const;

  /// For work outside the consumer loop (an HTTP handler of the chain lane, the gateway's rides):
  /// runs `work` in one transaction on the service's single writer, batched with what else waits,
  /// and returns after the commit, which is durable. `work` may be run again after a transient
  /// failure. May be called from any thread while run() is in progress. If it published events, the
  /// relay takes them.
  [[nodiscard]] Status transact(const std::function<Status(store::Database&, Effects&)>& work);

  /// The same without waiting: `done` gets the outcome after the commit, on another thread, which
  /// it must not hold up.
  void transact_soon(std::function<Status(store::Database&, Effects&)> work,
                     std::function<void(Status)> done);

  /// Serves until `stop` is requested, then finishes what is in flight. `reactor` must remain live
  /// until then. Gives the exit code for main: 0 after a clean stop, 2 when it cannot start (port
  /// in use, folder in use…).
  [[nodiscard]] int run(Reactor& reactor, StopSignal& stop);

 private:
  Service();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hailstorm::service
