#include "services/lab/serve/lab.h"

#include <filesystem>
#include <fmt/format.h>
#include <utility>

#include "common/base/token_file.h"
#include "services/lab/serve/routes.h"
#include "services/registry/services.h"

namespace hailstorm::lab {
namespace {

// As old as a frame may be: 5 Hz.
constexpr int64_t kFrameMs = 200;

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

/// In containers others may ride, too.
Riders riders_of(const PlatformSettings& platform) {
  return platform.in_containers() ? Riders::also_others : Riders::recorded;
}

json::Value to_json(const ProcessSample& one) {
  return {{"state", name_of(one.process.state)},
          {"pid", one.process.pid},
          {"ready", one.ready},
          {"why_not", one.why_not},
          {"rate", one.rate},
          {"lag", one.lag},
          {"outbox", one.outbox},
          {"dead_letters", one.dead_letters},
          {"rss_kb", one.process.rss_kb},
          {"restarts", one.process.restarts}};
}

json::Value summary_of(const std::vector<FaultState>& faults) {
  int64_t on = 0;
  int64_t not_proven = 0;
  json::Value list = json::Value::array();
  for (const auto& one : faults) {
    on += one.is_on() ? 1 : 0;
    not_proven += one.phase == FaultPhase::not_proven ? 1 : 0;
    list.push_back(to_json(one));
  }
  return {{"on", on}, {"not_proven", not_proven}, {"list", std::move(list)}};
}

}  // namespace

Lab::Lab(Platform& platform, LabSettings settings, const Clock& clock)
    : platform_(platform),
      token_(random_token()),
      listener_{std::move(settings.host), port_of(platform), std::move(settings.hosts)},
      server_(listener_, token_),
      faults_(platform),
      audit_(platform.settings().data, riders_of(platform.settings()), clock),
      traffic_(std::make_unique<TrafficControl>(
          traffic_settings(platform.settings(), settings.claims), clock)) {
  add_routes(server_, *this);
}

Status Lab::start() {
  HAIL_RETURN_IF_ERROR(
      write_token((platform_.settings().data / "lab" / "lab-token").string(), token_));
  return server_.start();
}

void Lab::stop() {
  server_.stop();
  traffic_.reset();
}

std::string Lab::url() const { return fmt::format("http://127.0.0.1:{}", listener_.port); }
std::string Lab::page_url() { return fmt::format("{}/#k={}", url(), server_.make_key()); }
LabClient Lab::client() const {
  return LabClient({"127.0.0.1", listener_.port}, "Bearer " + token_);
}

Result<json::Value> Lab::frame() {
  HAIL_ASSIGN_OR_RETURN(const auto sample, platform_.recent(kFrameMs));
  json::Value processes = json::Value::object();
  for (const auto& one : sample.processes) processes.add(one.process.name, to_json(one));
  HAIL_ASSIGN_OR_RETURN(const auto faults, faults_.list());
  return json::Value{{"v", 1},
                     {"processes", std::move(processes)},
                     {"traffic", traffic_->state()},
                     {"faults", summary_of(faults)}};
}

}  // namespace hailstorm::lab
