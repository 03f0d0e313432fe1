#include <cstdint>
#include <string>

#include "common/base/clock.h"
#include "common/base/options.h"
#include "common/base/stop_signal.h"
#include "common/http/http.h"
#include "common/service/service.h"
#include "services/gateway/chain_handlers.h"
#include "services/gateway/outcome_reactor.h"
#include "services/gateway/readers.h"
#include "services/gateway/ride_handlers.h"
#include "services/gateway/store.h"

using namespace hailstorm;

int main(int argc, char** argv) {
  const std::string program = "hail-gateway";
  StopSignal stop;
  Options options(program, "Takes rides from riders: accepts, remembers, and passes them on.");
  service::ServiceSettings settings;
  settings.name = "gateway";
  settings.http_threads = 512;  // riders on both lanes, each a connection of its own
  settings.add_to(options, 7402);
  std::string next = "http://127.0.0.1:7403";
  gateway::ChainSettings chain;
  options.add("next", next, "matching's address, the chain lane's next hop");
  options.add("chain-timeout-ms", chain.timeout_ms, "how long a chain call may take");
  options.add("chain-retries", chain.retries, "calls after the first that failed");
  if (const auto exit_code = options.parse(argc, argv)) return *exit_code;
  const auto address = http::parse_address(next);
  if (!address.ok()) return usage_error(program, "--next: " + address.error().message());
  chain.next = *address;
  if (chain.timeout_ms < 1 || chain.retries < 0) {
    return usage_error(program,
                       "--chain-timeout-ms must be at least 1, --chain-retries at least 0");
  }

  auto service = service::Service::open(settings, gateway::migrations());
  if (!service.ok()) return usage_error(program, service.error().message());
  const SystemClock clock;
  gateway::Readers readers((*service)->database_path());
  gateway::RideHandlers rides(**service, readers, clock);
  gateway::ChainHandlers chain_rides(**service, readers, clock, chain);
  rides.add_routes((*service)->http());
  chain_rides.add_routes((*service)->http());
  gateway::OutcomeReactor reactor;
  return (*service)->run(reactor, stop);
}
