#include "common/service/service.h"

#include <algorithm>
#include <climits>
#include <filesystem>
#include <malloc.h>
#include <mutex>
#include <unistd.h>

#include "common/base/data_folder.h"
#include "common/base/logging.h"
#include "common/service/consumer_loop.h"
#include "common/service/outbox.h"
#include "common/service/probes.h"
#include "common/service/relay.h"
#include "common/service/writer.h"
#include "common/store/migrations.h"

namespace hailstorm::service {
namespace {

constexpr int kFolderFormat = 1;
constexpr int kDrain_ms = 2000;
constexpr std::string_view kHost = "@host";

/// The single number of older databases counted the runtime's one step and then the service's own.
std::vector<store::SchemaPart> schema_of(const std::vector<std::string>& own) {
  return {{"runtime", runtime_migrations(), 1}, {"service", own}};
}

http::ServerOptions server_options(const ServiceSettings& settings) {
  http::ServerOptions options;
  options.host = settings.http_host;
  options.port = static_cast<int>(settings.http_port);
  options.max_threads = static_cast<size_t>(settings.http_threads);
  options.hosts = settings.http_hosts;
  return options;
}

std::string host_name() {
  char name[HOST_NAME_MAX + 1] = {};
  ::gethostname(name, sizeof name - 1);
  return name;
}

}  // namespace

struct Service::Impl {
  Impl(ServiceSettings s, DataFolder f, std::string path)
      : settings(std::move(s)),
        folder(std::move(f)),
        database_path(std::move(path)),
        server(server_options(settings)) {}

  ServiceSettings settings;
  DataFolder folder;
  std::string database_path;
  Metrics metrics;
  Vitals vitals;
  http::Server server;
  std::unique_ptr<log::Engine> engine;
  // Made in run(), because the writer calls the reactor.
  std::unique_ptr<Writer> writer;
  std::unique_ptr<Relay> relay;
  std::mutex reader_mutex;
  std::unique_ptr<store::Database> reader;  // for /status and /metrics

  Result<int64_t> count_outbox_rows() {
    const std::lock_guard lock(reader_mutex);
    return count_outbox(*reader);
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
  init_logging(settings.name, log_level_from(settings.log_level));
  if (!settings.unsafe.empty()) {
    log_warn("unsafe: the inbox is off; a redelivered event takes effect again");
  }
  if (settings.instance_id == kHost) settings.instance_id = settings.name + "-" + host_name();
  HAIL_ASSIGN_OR_RETURN(auto folder, DataFolder::open(settings.data, settings.name, kFolderFormat,
                                                      DataFolder::Sharing::shared));
  HAIL_ASSIGN_OR_RETURN(auto engine, log::open(settings.broker));
  const auto path = (folder.path() / (settings.name + ".db")).string();
  HAIL_ASSIGN_OR_RETURN(auto reader, store::Database::open(path));
  HAIL_RETURN_IF_ERROR(store::migrate(*reader, schema_of(migrations)));

  std::unique_ptr<Service> service(new Service());
  service->impl_ = std::make_unique<Impl>(std::move(settings), std::move(folder), path);
  service->impl_->engine = std::move(engine);
  service->impl_->reader = std::move(reader);
  return service;
}

http::Server& Service::http() { return impl_->server; }
Metrics& Service::metrics() { return impl_->metrics; }
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

Status Service::Impl::start(Reactor& reactor) {
  HAIL_ASSIGN_OR_RETURN(auto writes, store::Database::open(database_path));
  HAIL_ASSIGN_OR_RETURN(auto reads, store::Database::open(database_path));
  Writer::Listener listener;
  listener.rolled_back = [&reactor] { reactor.rolled_back(); };
  listener.committed = [this] {
    if (relay) relay->wake();
  };
  writer = std::make_unique<Writer>(std::move(writes), std::move(listener), metrics);
  relay = std::make_unique<Relay>(*engine, std::move(reads),
                                  (folder.path() / "relay.lock").string(), *writer, metrics);
  relay->start();
  add_probes(
      server, settings.name, vitals, metrics, [this] { return count_outbox_rows(); },
      settings.needs_the_log);
  return server.start();
}

/// In the order in which work flows: no new requests, what waits is written, what was written is
/// published.
void Service::Impl::finish() {
  server.stop();
  if (relay) relay->stop(kDrain_ms);
  if (writer) writer->stop();
}

int Service::run(Reactor& reactor, StopSignal& stop) {
  if (const auto started = impl_->start(reactor); !started) {
    impl_->finish();
    return usage_error("hail-" + impl_->settings.name, started.error().message());
  }
  log_info("ready to work", {{"port", impl_->server.port()}, {"data", impl_->settings.data}});
  ConsumerLoop loop(*impl_->engine, impl_->settings, *impl_->writer, reactor, impl_->vitals,
                    impl_->metrics);
  loop.run(stop);
  impl_->finish();
  log_info("stopped cleanly");
  return 0;
}

}  // namespace hailstorm::service
