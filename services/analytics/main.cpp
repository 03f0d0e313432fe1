#include "common/base/clock.h"
#include "common/base/options.h"
#include "common/base/run_main.h"
#include "common/service/chain_hop.h"
#include "common/service/run_service.h"
#include "common/service/service.h"
#include "services/analytics/chain_step.h"
#include "services/analytics/reactor.h"
#include "services/analytics/reports.h"
#include "services/analytics/store.h"
#include "services/registry/services.h"

using namespace hailstorm;

namespace {

int run(int argc, char** argv) {
  const std::string program = "hail-analytics";
  Options options(program, "Counts demand, funnel and surge per zone and minute.");
  service::ServiceSettings settings;
  const auto& self = registry::service("analytics");
  settings.name = self.name;
  settings.add_to(options, self.default_port());
  service::ChainTokenSettings chain_access;
  chain_access.add_to(options);
  if (const auto exit_code = options.parse(argc, argv)) return *exit_code;

  return service::run_service(settings, [&](ServerStart& start) -> Result<int> {
    const SystemClock clock;
    analytics::AnalyticsReactor reactor;
    HAIL_ASSIGN_OR_RETURN(
        const auto service,
        service::Service::open(settings, reactor, analytics::migrations(), clock));
    HAIL_ASSIGN_OR_RETURN(const auto chain_token, chain_access.open(settings.data));
    analytics::AnalyticsStep step;
    service::ChainHop hop(*service, step, nullptr);
    hop.add_route(service->http(), settings.name, chain_token);
    analytics::add_reports(service->http(), service->database_path());
    return service->run(start);
  });
}

}  // namespace

int main(int argc, char** argv) {
  return run_main({.name = "hail-analytics", .open_files = service::kOpenFiles}, argc, argv, run);
}
