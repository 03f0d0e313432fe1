#include <optional>
#include <string>

#include "common/base/clock.h"
#include "common/base/options.h"
#include "common/base/run_main.h"
#include "common/service/chain_hop.h"
#include "common/service/run_service.h"
#include "common/service/service.h"
#include "services/matching/chain_step.h"
#include "services/matching/dispatcher.h"
#include "services/matching/drivers.h"
#include "services/matching/reactor.h"
#include "services/matching/store.h"
#include "services/registry/services.h"

using namespace hailstorm;

namespace {

int run(int argc, char** argv) {
  const std::string program = "hail-matching";
  Options options(program, "Sends the nearest free driver to each ride.");
  service::ServiceSettings settings;
  const auto& self = registry::service("matching");
  settings.name = self.name;
  settings.add_to(options, self.default_port());
  service::ChainSettings chain;
  chain.add_to(options, self.next_hop, registry::service(self.next_hop).default_port());
  matching::DriverSettings drivers;
  drivers.add_to(options);
  service::ChainTokenSettings chain_access;
  chain_access.add_to(options);
  if (const auto exit_code = options.parse(argc, argv)) return *exit_code;
  const auto fleet = matching::place_drivers(drivers);
  if (!fleet) return usage_error(program, fleet.error().message());

  return service::run_service(settings, [&](ServerStart& start) -> Result<int> {
    const SystemClock clock;
    matching::Dispatcher dispatcher;
    matching::MatchingReactor reactor(dispatcher);
    HAIL_ASSIGN_OR_RETURN(auto next, service::NextHop::make(self.next_hop, chain, settings.data));
    HAIL_ASSIGN_OR_RETURN(const auto service,
                          service::Service::open(settings, reactor, matching::migrations(), clock));
    HAIL_ASSIGN_OR_RETURN(const auto chain_token, chain_access.open(settings.data));
    HAIL_RETURN_IF_ERROR(matching::seed_fleets(service->database_path(), *fleet));
    matching::MatchingStep step(dispatcher);
    service::ChainHop hop(*service, step, std::move(next));
    hop.add_route(service->http(), settings.name, chain_token);
    return service->run(start);
  });
}

}  // namespace

int main(int argc, char** argv) {
  return run_main({.name = "hail-matching", .open_files = service::kOpenFiles}, argc, argv, run);
}
