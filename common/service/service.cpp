#include "common/service/service.h"

#include <algorithm>
#include <climits>
#include <filesystem>
#include <fmt/format.h>
#include <malloc.h>
#include <mutex>
#include <optional>
#include <unistd.h>

#include "common/base/data_folder.h"
#include "common/base/logging.h"
#include "common/service/consumer_loop.h"
#include "common/service/log_positions.h"
#include "common/service/outbox.h"
#include "common/service/probes.h"
#include "common/service/relay.h"
#include "common/service/stop_mark.h"
#include "common/service/upkeep.h"
#include "common/service/writer.h"
#include "common/store/migrations.h"

namespace hailstorm::service {
namespace {

constexpr int kFolderFormat = 1;
constexpr int kDrainMs = 2000;
// A start that waits for a lock says so soon, and notices a stop.
constexpr int kStartLockMs = 1000;
constexpr std::string_view kHost = "@host";

/// The single number of older databases counted the runtime's one step and then the service's own.
std::vector<store::SchemaPart> schema_of(const std::vector<std::string>& own) {
  return {{"runtime", runtime_migrations(), 1},
          {"log_positions", log_position_migrations()},
          {"service", own}};
}

http::ServerOptions server_options(const ServiceSettings& settings) {
  http::ServerOptions options;
  options.host = settings.http_host;
  options.port = static_cast<int>(settings.http_port);
  options.max_threads = static_cast<size_t>(settings.http_threads);
  options.hosts = settings.http_hosts;
  return options;
}

/// Opens the store. One that the last process did not leave cleanly is looked over first.
Result<std::unique_ptr<store::Database>> open_store(const std::string& path,
                                                    bool was_left_cleanly) {
  auto opened = store::Database::open(path, store::Database::Mode::read_write, kStartLockMs);
  Status outcome = opened ? Status() : Status(opened.error());
  if (outcome && !was_left_cleanly) outcome = (*opened)->quick_check();
  if (outcome) return opened;
  if (!outcome.error().is(store::StoreErrc::damaged)) return std::move(outcome).error();
  return Error(store::StoreErrc::damaged,
               fmt::format("{0}: move {1}, {1}-wal and {1}-shm away and start again, and the store "
                           "is rebuilt from the log; or put a copy of the whole file back",
                           outcome.error().message(), path));
}

std::string host_name() {
  char name[HOST_NAME_MAX + 1] = {};
  ::gethostname(name, sizeof name - 1);
  return name;
}

}  // namespace

struct Service::Impl {
  Impl(ServiceSettings s, DataFolder f, StopMark m, std::string path)
      : settings(std::move(s)),
        folder(std::move(f)),
        stop_mark(std::move(m)),
        database_path(std::move(path)),
        server(server_options(settings)) {}

  ServiceSettings settings;
  DataFolder folder;
  StopMark stop_mark;
  std::string database_path;
  Metrics metrics;
  Health health;
  http::Server server;
  std::unique_ptr<log::Engine> engine;
  // Made in run(), because the writer calls the reactor.
  std::unique_ptr<Writer> writer;
  std::unique_ptr<Relay> relay;
  std::unique_ptr<Upkeep> upkeep;
  std::mutex reader_mutex;
  std::unique_ptr<store::Database> reader;  // for /status and /metrics

  OutboxProbe outbox_probe();
  Result<std::optional<int64_t>> oldest_row() {
    const std::lock_guard lock(reader_mutex);
    return oldest_outbox_row(*reader);
  }
  Status start(Reactor& reactor);
  void finish();
};

Service::Service() = default;
Service::~Service() = default;

Result<std::unique_ptr<Service>> Service::open(ServiceSettings settings,
                                               const std::vector<std::string>& migrations) {
  // Each thread that ever served a request would else keep a heap of its own.
  ::mallopt(M_ARENA_MAX, 2);
  HAIL_RETURN_IF_ERROR(settings.log.begin(settings.name));
  if (!settings.unsafe.empty()) {
    log_warn("unsafe: the inbox is off; a redelivered event takes effect again");
  }
  if (settings.instance_id == kHost) settings.instance_id = settings.name + "-" + host_name();
  HAIL_ASSIGN_OR_RETURN(auto folder, DataFolder::open(settings.data, settings.name, kFolderFormat,
                                                      DataFolder::Sharing::shared));
  HAIL_ASSIGN_OR_RETURN(auto engine, log::open(settings.broker));
  const auto path = (folder.path() / (settings.name + ".db")).string();
  HAIL_ASSIGN_OR_RETURN(auto mark, StopMark::take(folder.path()));
  HAIL_ASSIGN_OR_RETURN(auto reader, open_store(path, mark.was_clean()));
  HAIL_RETURN_IF_ERROR(store::migrate(*reader, schema_of(migrations)));

  std::unique_ptr<Service> service(new Service());
  service->impl_ =
      std::make_unique<Impl>(std::move(settings), std::move(folder), std::move(mark), path);
  service->impl_->engine = std::move(engine);
  service->impl_->reader = std::move(reader);
  return service;
}

http::Server& Service::http() { return impl_->server; }
Metrics& Service::metrics() { return impl_->metrics; }
Readiness& Service::readiness() { return impl_->health.readiness; }
const std::string& Service::database_path() const { return impl_->database_path; }

Status Service::transact(const std::function<Status(store::Database&, Effects&)>& work) {
  return impl_->writer->submit([&](store::Database& db) {
    Outbox outbox(db);
    return work(db, outbox);
  });
}

void Service::transact_soon(std::function<Status(store::Database&, Effects&)> work,
                            std::function<void(Status)> done) {
  impl_->writer->submit_soon(
      [work = std::move(work)](store::Database& db) {
        Outbox outbox(db);
        return work(db, outbox);
      },
      std::move(done));
}

OutboxProbe Service::Impl::outbox_probe() {
  OutboxProbe probe;
  probe.count_rows = [this] {
    const std::lock_guard lock(reader_mutex);
    return count_outbox(*reader);
  };
  probe.read_set_aside = [this] {
    const std::lock_guard lock(reader_mutex);
    return read_set_aside(*reader);
  };
  probe.held = [this] { return relay->held(); };
  return probe;
}

Status Service::Impl::start(Reactor& reactor) {
  HAIL_ASSIGN_OR_RETURN(auto writes, store::Database::open(database_path));
  HAIL_ASSIGN_OR_RETURN(auto reads, store::Database::open(database_path));
  Writer::Listener listener;
  listener.rolled_back = [&reactor] { reactor.rolled_back(); };
  listener.ended = [this](const Status& outcome) { note_store(health, outcome); };
  listener.committed = [this] {
    if (relay) relay->wake();
  };
  writer = std::make_unique<Writer>(std::move(writes), std::move(listener), metrics);
  relay = std::make_unique<Relay>(*engine, std::move(reads),
                                  (folder.path() / "relay.lock").string(), *writer, metrics);
  upkeep = std::make_unique<Upkeep>(
      *engine, reactor, *writer, [this] { return oldest_row(); }, health, settings.needs_the_log);
  add_probes(server, settings.name, health, metrics, outbox_probe(), settings.needs_the_log);
  return server.start();
}

/// In the order in which work flows: no new requests, what waits is written, what was written is
/// published.
void Service::Impl::finish() {
  server.stop();
  if (upkeep) upkeep->request_stop();
  if (relay) relay->stop(kDrainMs);
  upkeep.reset();
  if (writer) writer->stop();
}

Result<int> Service::run(Reactor& reactor, ServerStart& start) {
  struct Finish {
    Impl& impl;
    ~Finish() { impl.finish(); }
  };
  {
    const Finish finish{*impl_};  // also where a thread cannot be made
    HAIL_RETURN_IF_ERROR(impl_->start(reactor));
    start.succeeded();
    log_info("ready to work", {{"port", impl_->server.port()}, {"data", impl_->settings.data}});
    ConsumerLoop loop(*impl_->engine, impl_->settings, *impl_->writer, reactor, impl_->health,
                      impl_->metrics, [this] { impl_->relay->start(); });
    loop.run(start.stop());
  }
  impl_->stop_mark.leave();
  log_info("stopped cleanly");
  return 0;
}

}  // namespace hailstorm::service
