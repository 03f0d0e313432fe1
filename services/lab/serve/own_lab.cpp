#include "services/lab/serve/own_lab.h"

#include <filesystem>
#include <fmt/format.h>
#include <utility>

#include "services/lab/api/errors.h"
#include "services/lab/platform/errors.h"
#include "services/lab/platform/ports.h"

namespace hailstorm::lab {
namespace {

constexpr int64_t kReadyWithinMs = 60'000;
constexpr int kLookEveryMs = 20;

/// Each process opens the file under this name, from a folder of its own.
Status find_trips(PlatformOptions& options) {
  if (options.trips.empty()) return {};
  std::error_code not_there;
  options.trips_file = std::filesystem::canonical(options.trips, not_there).string();
  if (!not_there && std::filesystem::is_regular_file(options.trips_file)) return {};
  return Error(ApiErrc::bad_request, "--trips: " + options.trips + " is no file");
}

Error wrong_option(const std::string& why) { return {ApiErrc::bad_request, why}; }

}  // namespace

void OwnLabSettings::add_to(Options& options) {
  address.add_to(options);
  platform.add_to(options);
}

Status await_ready(Platform& platform, const Clock& clock, const StopSignal& stop) {
  const int64_t began_ms = clock.steady_ms();
  for (;;) {
    HAIL_ASSIGN_OR_RETURN(const auto sample, platform.sample());
    if (sample.all_ready()) return {};
    if (stop.wait_for(kLookEveryMs)) {
      return Error(PlatformErrc::stopped, "stopped before the platform was ready");
    }
    if (clock.steady_ms() - began_ms < kReadyWithinMs) continue;
    return Error(
        PlatformErrc::not_ready,
        fmt::format("the platform was not ready within {} s; {}; see {}", kReadyWithinMs / 1000,
                    sample.why_not_ready(), (platform.settings().data / "lab").string()));
  }
}

Result<std::unique_ptr<OwnLab>> OwnLab::open(OwnLabSettings settings, const Clock& clock,
                                             StopSignal& stop) {
  std::unique_ptr<OwnLab> own(new OwnLab());
  if (settings.address.lab.empty()) {
    HAIL_RETURN_IF_ERROR(own->start(settings, clock, stop));
    return own;
  }
  HAIL_ASSIGN_OR_RETURN(own->client_, settings.address.connect());
  HAIL_RETURN_IF_ERROR(own->client_->get("/api"));
  return own;
}

Status OwnLab::start(OwnLabSettings& own, const Clock& clock, StopSignal& stop) {
  PlatformOptions& options = own.platform;
  if (const auto wrong = options.check(); !wrong.empty()) return wrong_option(wrong);
  HAIL_RETURN_IF_ERROR(find_trips(options));
  // Containers that were started at the same moment may not have made theirs yet.
  if (const auto wrong = options.check_tokens(); !wrong.empty()) {
    return Error(PlatformErrc::not_ready, wrong);
  }
  if (!options.agents) {
    const Status free = check_ports(static_cast<int>(options.base_port));
    if (!free.ok()) return wrong_option(free.error().message());
  }
  if (const auto wrong = make_data_folder(options); !wrong.empty()) return wrong_option(wrong);
  data_ = options.data;
  PlatformSettings settings = options.platform();
  settings.restart = RestartPolicy::always;
  platform_ = std::make_unique<Platform>(std::move(settings), clock);
  HAIL_RETURN_IF_ERROR(platform_->start());
  own.listener.claims = options.claims;
  lab_ = std::make_unique<Lab>(*platform_, std::move(own.listener), clock);
  HAIL_RETURN_IF_ERROR(lab_->start());
  client_ = lab_->client();
  return options.agents ? Status() : await_ready(*platform_, clock, stop);
}

OwnLab::~OwnLab() {
  if (lab_) lab_->stop();
  if (platform_) platform_->stop();
}

}  // namespace hailstorm::lab
