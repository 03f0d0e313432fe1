#include <string>

#include "common/base/clock.h"
#include "common/base/options.h"
#include "common/base/run_main.h"
#include "common/service/chain_hop.h"
#include "common/service/run_service.h"
#include "common/service/service.h"
#include "services/gateway/chain_handlers.h"
#include "services/gateway/outcome_reactor.h"
#include "services/gateway/readers.h"
#include "services/gateway/ride_handlers.h"
#include "services/gateway/store.h"
#include "services/registry/services.h"

using namespace hailstorm;

namespace {

int run(int argc, char** argv) {
  const std::string program = "hail-gateway";
  Options options(program, "Takes rides from riders: accepts, remembers, and passes them on.");
  service::ServiceSettings settings;
  const auto& self = registry::service("gateway");
  settings.name = self.name;
  settings.http_threads = 512;     // riders on both lanes, each a connection of its own
  settings.needs_the_log = false;  // rides are accepted without it
  settings.add_to(options, self.default_port());
  service::ChainSettings chain;
  chain.add_to(options, self.next_hop, registry::service(self.next_hop).default_port());
  if (const auto exit_code = options.parse(argc, argv)) return *exit_code;
  const auto matching = service::NextHop::make(self.next_hop, chain, settings.data);
  if (!matching) return usage_error(program, matching.error().message());

  return service::run_service(settings, [&](ServerStart& start) -> Result<int> {
    const SystemClock clock;
    gateway::OutcomeReactor reactor;
    HAIL_ASSIGN_OR_RETURN(const auto service,
                          service::Service::open(settings, reactor, gateway::migrations(), clock));
    gateway::Readers readers(service->database_path());
    gateway::RideHandlers rides(*service, readers);
    gateway::ChainHandlers chain_rides(*service, readers, **matching);
    rides.add_routes(service->http());
    chain_rides.add_routes(service->http());
    return service->run(start);
  });
}

}  // namespace

int main(int argc, char** argv) {
  return run_main({.name = "hail-gateway", .open_files = service::kOpenFiles}, argc, argv, run);
}
