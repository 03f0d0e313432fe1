#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/clock.h"
#include "common/base/data_folder.h"
#include "common/base/metrics.h"
#include "common/base/result.h"
#include "common/base/run_server.h"
#include "common/http/server.h"
#include "common/log/log.h"
#include "common/service/direct_publisher.h"
#include "common/service/health.h"
#include "common/service/outbox.h"
#include "common/service/probes.h"
#include "common/service/reactor.h"
#include "common/service/relay.h"
#include "common/service/settings.h"
#include "common/service/stop_mark.h"
#include "common/service/upkeep.h"
#include "common/service/writer.h"
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
  /// Opens the store and runs `migrations`, numbered apart from the runtime's own. `reactor` and
  /// `clock` must remain live while the service is. Every error says what to do.
  [[nodiscard]] static Result<std::unique_ptr<Service>> open(
      ServiceSettings settings, Reactor& reactor, const std::vector<std::string>& migrations,
      const Clock& clock);
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  /// The service's own routes are added here before run().
  [[nodiscard]] http::Server& http() { return server_; }
  [[nodiscard]] Metrics& metrics() { return metrics_; }
  /// For reasons of the service's own.
  [[nodiscard]] Readiness& readiness() { return health_.readiness; }
  [[nodiscard]] const std::string& database_path() const { return database_path_; }
  [[nodiscard]] const Clock& clock() const { return clock_; }

  /// For work outside the consumer loop (an HTTP handler of the chain lane, the gateway's rides):
  /// calls `work(db, effects)`, which gives a Status or a Result<T>, in one transaction of the
  /// service's single writer, batched with what else waits, and gives the same after the commit,
  /// which is durable. May be called from any thread while run() is in progress. The relay takes
  /// the events that it published.
  template <class F>
  [[nodiscard]] auto transact(F work) {
    return writer_.submit([&work](store::Database& db) {
      Outbox outbox(db);
      return work(db, outbox);
    });
  }

  /// The same without waiting: `done` gets the outcome after the commit, on another thread, which
  /// it must not hold up.
  template <class F, class D>
  void transact_soon(F work, D done) {
    writer_.submit_soon(
        [work = std::move(work)](store::Database& db) mutable {
          Outbox outbox(db);
          return work(db, outbox);
        },
        std::move(done));
  }

  /// Serves until a stop is requested, then finishes what is in flight. Gives the exit code for
  /// main: 0 after a clean stop; or why it cannot start (port in use, no room on the disk…).
  [[nodiscard]] Result<int> run(ServerStart& start);

 private:
  /// What open() has opened.
  struct Opened {
    DataFolder folder;
    StopMark stop_mark;
    std::string database_path;
    std::unique_ptr<log::Engine> engine;
    std::unique_ptr<store::Database> for_probes;
    std::unique_ptr<store::Database> for_writer;
    std::unique_ptr<store::Database> for_relay;
  };
  Service(ServiceSettings settings, Reactor& reactor, const Clock& clock, Opened opened);

  [[nodiscard]] Writer::Listener writer_listener();
  [[nodiscard]] OutboxProbe outbox_probe();
  /// `read(db)` on the connection of the probes and the upkeep.
  template <class F>
  auto read_store(F read) {
    const std::lock_guard lock(reader_mutex_);
    return read(*reader_);
  }
  void finish();

  ServiceSettings settings_;
  Reactor& reactor_;
  const Clock& clock_;
  DataFolder folder_;
  StopMark stop_mark_;
  const std::string database_path_;
  Metrics metrics_;
  Health health_;
  http::Server server_;
  std::unique_ptr<log::Engine> engine_;
  std::unique_ptr<DirectPublisher> direct_;  // in place of the outbox, where that is off
  std::mutex reader_mutex_;
  std::unique_ptr<store::Database> reader_;
  Writer writer_;
  Relay relay_;
  Upkeep upkeep_;
};

}  // namespace hailstorm::service
