#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/base/metrics.h"
#include "common/base/options.h"
#include "common/base/result.h"
#include "common/base/stop_signal.h"
#include "common/events/events.h"
#include "common/http/server.h"
#include "common/store/database.h"

/// The runtime that every service runs on: it polls a batch, opens one transaction, skips what the
/// inbox knows, calls the service for each event, commits once, commits the offsets, and relays the
/// outbox.
namespace hailstorm::service {

/// How a reaction fails. `transient`: the same event is tried again with back-off, nothing is
/// skipped. `permanent`: the event goes to the dead_letter topic in the same transaction, and the
/// partition moves on.
enum class ReactErrc { transient, permanent };
[[nodiscard]] std::string_view name_of(ReactErrc code);

/// The lane of a ride: every row that a service stores carries it.
inline constexpr std::string_view kLogLane = "log";
inline constexpr std::string_view kChainLane = "chain";

/// What a reaction may do besides writing its own rows: publish events, in the same transaction.
class Effects {
 public:
  virtual ~Effects() = default;
  /// An outbox row; the relay publishes it after the commit.
  [[nodiscard]] virtual Status publish(const events::Event& event) = 0;
};

/// A service as the runtime sees it.
///
/// Thread safety: react() is called from one thread at a time, inside a transaction of `db`.
class Reactor {
 public:
  virtual ~Reactor() = default;
  /// The event types (topics) it reads.
  [[nodiscard]] virtual std::vector<std::string> topics() const = 0;
  /// Applies one event. A store error is taken as transient.
  [[nodiscard]] virtual Status react(const events::Event& event, store::Database& db,
                                     Effects& effects) = 0;
  /// The transaction was rolled back: whatever is kept in memory of it is not true.
  virtual void rolled_back() {}
};

/// Settings that every service has, as flags and HAIL_ variables.
struct ServiceSettings {
  std::string name;  // "matching": consumer group, metrics, logs, data file
  std::string broker = "hailstorm://127.0.0.1:7400";
  std::string data;  // folder; the database is DATA/NAME.db
  std::string http_host = "127.0.0.1";
  int64_t http_port = 0;
  int64_t http_threads = 256;
  std::string instance_id;  // static group membership
  int64_t session_timeout_ms = 6000;
  std::string log_level = "info";
  /// False: /readyz does not ask for the log, because requests are served without it.
  bool needs_the_log = true;
  std::vector<std::string> unsafe;  // "no-inbox": gives up exactly-once effects, for experiments

  /// Adds them to `options`; `default_http_port` is the one of this service.
  void add_to(Options& options, int64_t default_http_port);
};

/// One running service: database, consumer loop, relay, HTTP with /healthz, /readyz, /metrics and
/// /status.
///
/// GET /status answers
/// {"service":…,"ready":bool,"lag":N,"outbox":N,"events":N,"dead_letters":N}: lag of this
/// instance's partitions, outbox rows not yet relayed, events handled since start.
///
/// Thread safety: made and run by one thread.
class Service {
 public:
  /// Opens the store and runs `migrations` after the runtime's own (inbox, outbox). Every error
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
