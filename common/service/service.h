#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/base/metrics.h"
#include "common/base/result.h"
#include "common/base/run_server.h"
#include "common/http/server.h"
#include "common/service/reactor.h"
#include "common/service/readiness.h"
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
/// "closed_partitions":[…],"held_partitions":[…],"set_aside":N,"set_aside_rows":[…],
/// "reasons":[TEXT…]}:
/// lag of this instance's partitions, outbox rows not yet relayed, events handled since start,
/// which of its partitions the broker has closed, and for which its outbox rows wait (-1: the whole
/// topic), as {"topic":…,"partition":N,"error":why}; how many outbox rows the log refused for
/// good, with the first ones as {"id":N,"topic":…,"partition":N,"key":…,"error":why,"at":time};
/// and every reason why it is not ready. GET /readyz gives the same reasons in one sentence, with
/// status 503.
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
  /// For reasons of the service's own.
  [[nodiscard]] Readiness& readiness();
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

  /// Serves until a stop is requested, then finishes what is in flight. `reactor` must remain live
  /// until then. Gives the exit code for main: 0 after a clean stop; or why it cannot start (port
  /// in use, no room on the disk…).
  [[nodiscard]] Result<int> run(Reactor& reactor, ServerStart& start);

 private:
  Service();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hailstorm::service
