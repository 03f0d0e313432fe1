#include <memory>
#include <optional>
#include <string>

#include "common/base/address.h"
#include "common/base/clock.h"
#include "common/base/options.h"
#include "common/base/run_main.h"
#include "common/service/chain_hop.h"
#include "common/service/run_service.h"
#include "common/service/service.h"
#include "services/notification/chain_step.h"
#include "services/notification/reactor.h"
#include "services/notification/store.h"
#include "services/notification/webhook.h"
#include "services/registry/services.h"

using namespace hailstorm;

namespace {

int run(int argc, char** argv) {
  const std::string program = "hail-notification";
  Options options(program, "Sends riders a message for each step of their rides.");
  service::ServiceSettings settings;
  const auto& self = registry::service("notification");
  settings.name = self.name;
  settings.add_to(options, self.default_port());
  service::ChainSettings chain;
  chain.add_to(options, self.next_hop, registry::service(self.next_hop).default_port());
  std::optional<std::string> url;
  options.add(
      "webhook", url,
      {"one address, http://HOST:PORT/PATH with a port from 1 to 65535", "http://HOST:PORT/PATH",
       [](const auto& text) { return parse_url(text, "http").ok(); }},
      "takes every message, besides the store");
  service::ChainTokenSettings chain_access;
  chain_access.add_to(options);
  if (const auto exit_code = options.parse(argc, argv)) return *exit_code;

  return service::run_service(settings, [&](ServerStart& start) -> Result<int> {
    const SystemClock clock;
    notification::NotificationReactor reactor(clock);
    HAIL_ASSIGN_OR_RETURN(auto next, service::NextHop::make(self.next_hop, chain, settings.data));
    HAIL_ASSIGN_OR_RETURN(
        const auto service,
        service::Service::open(settings, reactor, notification::migrations(), clock));
    HAIL_ASSIGN_OR_RETURN(const auto chain_token, chain_access.open(settings.data));
    notification::NotificationStep step(clock);
    service::ChainHop hop(*service, step, std::move(next));
    hop.add_route(service->http(), settings.name, chain_token);
    std::unique_ptr<notification::Webhook> webhook;
    if (url) {
      auto made = notification::Webhook::make(*url, service->database_path());
      if (!made.ok()) return std::move(made).error().in("--webhook");
      webhook = std::move(made).value();
      webhook->start();
    }
    return service->run(start);
  });
}

}  // namespace

int main(int argc, char** argv) {
  return run_main({.name = "hail-notification", .open_files = service::kOpenFiles}, argc, argv,
                  run);
}
