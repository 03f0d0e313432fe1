#include "common/service/service.h"

#include <algorithm>
#include <climits>
#include <filesystem>
#include <fmt/format.h>
#include <unistd.h>

#include "common/base/logging.h"
#include "common/service/consumer_loop.h"
#include "common/service/log_positions.h"
#include "common/service/unsafe.h"
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
  Status outcome = opened.ok() ? Status() : Status(opened.error());
  if (outcome.ok() && !was_left_cleanly) outcome = (*opened)->quick_check();
  if (outcome.ok()) return opened;
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

Result<std::unique_ptr<Service>> Service::open(ServiceSettings settings, Reactor& reactor,
                                               const std::vector<std::string>& migrations,
                                               const Clock& clock) {
  HAIL_RETURN_IF_ERROR(check_unsafe(settings.name, settings.unsafe, reactor));
  warn_of_unsafe(settings.unsafe);
  if (settings.instance_id == kHost) settings.instance_id = settings.name + "-" + host_name();
  HAIL_ASSIGN_OR_RETURN(auto folder, DataFolder::open(settings.data, settings.name, kFolderFormat,
                                                      DataFolder::Sharing::shared));
  HAIL_ASSIGN_OR_RETURN(auto engine, log::open(settings.broker));
  const auto path = (folder.path() / (settings.name + ".db")).string();
  HAIL_ASSIGN_OR_RETURN(auto mark, StopMark::take(folder.path()));
  HAIL_ASSIGN_OR_RETURN(auto reader, open_store(path, mark.was_clean()));
  HAIL_RETURN_IF_ERROR(store::migrate(*reader, schema_of(migrations)));
  HAIL_ASSIGN_OR_RETURN(auto for_writer, store::Database::open(path));
  HAIL_ASSIGN_OR_RETURN(auto for_relay, store::Database::open(path));
  return std::unique_ptr<Service>(
      new Service(std::move(settings), reactor, clock,
                  {std::move(folder), std::move(mark), path, std::move(engine), std::move(reader),
                   std::move(for_writer), std::move(for_relay)}));
}

Service::Service(ServiceSettings settings, Reactor& reactor, const Clock& clock, Opened opened)
    : settings_(std::move(settings)),
      reactor_(reactor),
      clock_(clock),
      folder_(std::move(opened.folder)),
      stop_mark_(std::move(opened.stop_mark)),
      database_path_(std::move(opened.database_path)),
      server_(server_options(settings_)),
      engine_(std::move(opened.engine)),
      direct_(is_unsafe(settings_.unsafe, kNoOutbox) ? std::make_unique<DirectPublisher>(*engine_)
                                                     : nullptr),
      reader_(std::move(opened.for_probes)),
      writer_(std::move(opened.for_writer), writer_listener(), metrics_, clock),
      relay_(*engine_, std::move(opened.for_relay), (folder_.path() / "relay.lock").string(),
             writer_, metrics_, clock),
      upkeep_(
          *engine_, reactor, writer_, [this] { return read_store(oldest_outbox_row); }, health_,
          settings_.needs_the_log, clock) {
  add_probes(server_, settings_.name, health_, metrics_, outbox_probe(), settings_.needs_the_log);
}

Writer::Listener Service::writer_listener() {
  Writer::Listener listener;
  listener.rolled_back = [this] { reactor_.rolled_back(); };
  listener.committed = [this] { relay_.wake(); };
  listener.ended = [this](const Status& outcome) { note_store(health_, outcome); };
  return direct_ ? direct_->beside(std::move(listener)) : listener;
}

OutboxProbe Service::outbox_probe() {
  return {[this] { return read_store(count_outbox); },
          [this] { return read_store(read_set_aside); }, [this] { return relay_.held(); }};
}

/// In the order in which work flows: no new requests, what waits is written, what was written is
/// published.
void Service::finish() {
  server_.stop();
  upkeep_.request_stop();
  relay_.stop(kDrainMs);
  upkeep_.join();
  writer_.stop();
}

Result<int> Service::run(ServerStart& start) {
  struct Finish {
    Service& service;
    ~Finish() { service.finish(); }
  };
  {
    const Finish finish{*this};  // also where a thread cannot be made
    writer_.start();
    upkeep_.start();
    HAIL_RETURN_IF_ERROR(server_.start());
    start.succeeded();
    log_info("ready to work", {{"port", server_.port()}, {"data", settings_.data}});
    ConsumerLoop loop(*engine_, settings_, writer_, reactor_, health_, metrics_, clock_,
                      [this] { relay_.start(); });
    loop.run(start.stop());
  }
  stop_mark_.leave();
  log_info("stopped cleanly");
  return 0;
}

}  // namespace hailstorm::service
