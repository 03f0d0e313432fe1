// A service with a bug that a newer program has mended: it refuses riders whose name begins with
// "bad" for good, unless it is started with --mended.
#include "common/base/clock.h"
#include "common/base/run_main.h"
#include "common/service/run_service.h"
#include "common/service/service.h"

using namespace hailstorm;

namespace {

class PickyReactor final : public service::Reactor {
 public:
  explicit PickyReactor(bool is_mended) : is_mended_(is_mended) {}
  [[nodiscard]] std::vector<std::string> topics() const override {
    return {std::string(events::RideRequested::kType)};
  }
  /// A row for each time that an event takes effect.
  [[nodiscard]] Status react(const events::Event& event, store::Database& db,
                             service::Effects&) override {
    HAIL_RETURN_IF_ERROR(
        db.run("INSERT INTO effects(ride_id) VALUES(?)", {std::string_view(event.ride_id())}));
    if (is_mended_ || !event.rider_id().starts_with("bad")) return {};
    return Error(service::ReactErrc::permanent, "this program cannot handle such a rider");
  }

 private:
  const bool is_mended_;
};

int run(int argc, char** argv) {
  Options options("hail-picky", "Refuses some riders, until it is mended.");
  service::ServiceSettings settings;
  bool is_mended = false;
  options.add_required("group", settings.name, "its consumer group");
  options.add_flag("mended", is_mended, "refuses nobody");
  settings.add_to(options, 0);
  if (const auto exit_code = options.parse(argc, argv)) return *exit_code;
  return service::run_service(settings, [&](ServerStart& start) -> Result<int> {
    const SystemClock clock;
    PickyReactor reactor(is_mended);
    HAIL_ASSIGN_OR_RETURN(
        const auto service,
        service::Service::open(settings, reactor,
                               {"CREATE TABLE effects(id INTEGER PRIMARY KEY, ride_id TEXT)"},
                               clock));
    return service->run(start);
  });
}

}  // namespace

int main(int argc, char** argv) {
  return run_main({.name = "hail-picky", .open_files = service::kOpenFiles}, argc, argv, run);
}
