#include "services/lab/serve/lab.h"

#include <filesystem>
#include <fmt/format.h>
#include <utility>

#include "common/base/token_file.h"
#include "services/lab/platform/ports.h"
#include "services/lab/serve/page_routes.h"
#include "services/lab/serve/routes.h"
#include "services/registry/services.h"

namespace hailstorm::lab {
namespace {

// As old as a sample of others may be for a frame.
constexpr int64_t kSampleMs = 20;

int port_of(const Platform& platform) { return platform.settings().base_port + registry::kLabPort; }

TrafficControl::Settings traffic_settings(const PlatformSettings& platform,
                                          const std::string& claims) {
  const auto folder = platform.data / "traffic";
  return {.program = platform.programs / "hail-traffic",
          .gateway = gateway_url(platform),
          .trips = platform.pickups,
          .seed = platform.seed,
          .data = platform.data,
          .claims = claims.empty() ? folder / "claimed" : std::filesystem::path(claims)};
}

/// Beside this platform's own ports, for a run that needs another one; 0: in containers each
/// process has a host of its own, and there is no room for more.
int spare_base_port(const PlatformSettings& platform) {
  const int port = platform.base_port + 2 * registry::port_range();
  return platform.in_containers() || port > highest_base_port() ? 0 : port;
}

RunDesk::Settings run_settings(const PlatformSettings& platform) {
  return {.program = platform.programs / "hail-lab",
          .lab = fmt::format("http://127.0.0.1:{}", platform.base_port + registry::kLabPort),
          .token_file = platform.data / "lab" / "lab-token",
          .folder = platform.data / "lab" / "runs",
          .own_base_port = spare_base_port(platform)};
}

/// In containers others may ride, too.
Riders riders_of(const PlatformSettings& platform) {
  return platform.in_containers() ? Riders::also_others : Riders::recorded;
}

/// Of recordings: what another platform needs to be like this one.
Schedule head_of(const PlatformSettings& platform) {
  Schedule head;
  head.run = random_token().substr(0, 12);
  head.seed = static_cast<uint64_t>(platform.seed);
  head.platform = {{"base_port", platform.base_port},
                   {"pickups", platform.pickups},
                   {"in_containers", platform.in_containers()}};
  return head;
}

}  // namespace

Lab::Lab(Platform& platform, LabSettings settings, const Clock& clock)
    : platform_(platform),
      token_(random_token()),
      listener_{std::move(settings.host), port_of(platform), std::move(settings.hosts)},
      published_(std::move(settings.published)),
      page_(std::move(settings.page_dir)),
      server_(listener_, token_),
      faults_(platform),
      audit_(platform.settings().data, riders_of(platform.settings()), clock),
      traffic_(std::make_unique<TrafficControl>(
          traffic_settings(platform.settings(), settings.claims), clock)),
      runs_(run_settings(platform.settings()), clock),
      views_([this] { return look(); }, platform.settings().data, head_of(platform.settings()),
             clock) {
  add_page_routes(server_, page_, [this] { return page_url(); });
  add_routes(server_, {.faults = faults_,
                       .audit = audit_,
                       .traffic = *traffic_,
                       .views = views_,
                       .runs = runs_,
                       .listens_at = {"127.0.0.1", listener_.port},
                       .data = platform.settings().data,
                       .broker = broker_url(platform.settings())});
}

Status Lab::start() {
  HAIL_RETURN_IF_ERROR(
      write_token((platform_.settings().data / "lab" / "lab-token").string(), token_));
  views_.start();
  return server_.start();
}

void Lab::stop() {
  runs_.stop();    // first: a run reverts its faults at the server
  server_.stop();  // then: its handlers wait for frames
  views_.stop();
  traffic_.reset();
}

std::string Lab::url() const { return fmt::format("http://127.0.0.1:{}", listener_.port); }
std::string Lab::page_url() {
  return fmt::format("{}/#k={}", published_.empty() ? url() : published_, server_.make_key());
}
LabClient Lab::client() const { return {{listener_.host, listener_.port}, "Bearer " + token_}; }

Result<FrameSources> Lab::look() {
  HAIL_ASSIGN_OR_RETURN(auto sample, platform_.recent(kSampleMs));
  HAIL_ASSIGN_OR_RETURN(auto faults, faults_.list());
  return FrameSources{std::move(sample), traffic_->state(), std::move(faults)};
}

}  // namespace hailstorm::lab
