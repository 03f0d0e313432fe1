#include "common/base/clock.h"
#include "common/base/options.h"
#include "common/base/run_main.h"
#include "common/service/chain_hop.h"
#include "common/service/run_service.h"
#include "common/service/service.h"
#include "services/payment/cashier.h"
#include "services/payment/chain_step.h"
#include "services/payment/provider.h"
#include "services/payment/reactor.h"
#include "services/payment/store.h"
#include "services/registry/services.h"

using namespace hailstorm;

namespace {

int run(int argc, char** argv) {
  const std::string program = "hail-payment";
  Options options(program, "Holds each ride's fare, and gives it back where there is no ride.");
  service::ServiceSettings settings;
  const auto& self = registry::service("payment");
  settings.name = self.name;
  settings.add_to(options, self.default_port());
  service::ChainSettings chain;
  chain.add_to(options, self.next_hop, registry::service(self.next_hop).default_port());
  int64_t seed = 1;
  double decline_rate = 0.03;
  options.add("seed", seed, {0, kAnyMost}, "of the simulated provider's declines");
  options.add("decline-rate", decline_rate, {0, 1}, "share of holds that the provider declines");
  service::ChainTokenSettings chain_access;
  chain_access.add_to(options);
  if (const auto exit_code = options.parse(argc, argv)) return *exit_code;

  return service::run_service(settings, [&](ServerStart& start) -> Result<int> {
    const SystemClock clock;
    payment::SimulatedProvider provider(static_cast<uint64_t>(seed), decline_rate);
    payment::Cashier cashier(provider);
    payment::PaymentReactor reactor(cashier);
    HAIL_ASSIGN_OR_RETURN(auto next, service::NextHop::make(self.next_hop, chain, settings.data));
    HAIL_ASSIGN_OR_RETURN(const auto service,
                          service::Service::open(settings, reactor, payment::migrations(), clock));
    HAIL_ASSIGN_OR_RETURN(const auto chain_token, chain_access.open(settings.data));
    payment::PaymentStep step(cashier);
    service::ChainHop hop(*service, step, std::move(next));
    hop.add_route(service->http(), settings.name, chain_token);
    return service->run(start);
  });
}

}  // namespace

int main(int argc, char** argv) {
  return run_main({.name = "hail-payment", .open_files = service::kOpenFiles}, argc, argv, run);
}
