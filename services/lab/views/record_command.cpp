#include "services/lab/views/record_command.h"

#include <algorithm>
#include <fmt/format.h>
#include <iostream>
#include <utility>

#include "common/base/counted.h"
#include "common/base/output_file.h"
#include "common/base/run_server.h"
#include "common/http/client.h"
#include "common/json/json.h"
#include "services/lab/views/schedule.h"

namespace hailstorm::lab {
namespace {

constexpr const char* kProgram = "hail-lab record";
constexpr int kTimeoutMs = 60'000;
constexpr int kLookMs = 1'000;
// Rides under way are no loss: they have so long to settle.
constexpr const char* kAudit = "/api/audit?within_s=10";

int failed(const std::string& why) {
  std::cerr << kProgram << ": " << why << "\n";
  return 1;
}

/// The lab makes 5 frames a second for those who look.
Status look_on(http::Client& lab, int64_t seconds, const StopSignal& stop) {
  for (int64_t i = 0; i < seconds && !stop.wait_for(kLookMs); ++i) {
    const auto seen = lab.get("/api/state");
    if (!seen.ok()) return seen.error();
  }
  return {};
}

std::string summary_of(const std::string& lines, const std::string& file) {
  const size_t end_of_head = lines.find('\n');
  const auto head = json::parse(lines.substr(0, end_of_head));
  const auto schedule = head.ok() ? schedule_of(*head) : Result<Schedule>(head.error());
  if (!schedule.ok()) return fmt::format("{}: {}", file, schedule.error().message());
  const auto frames = std::count(lines.begin(), lines.end(), '\n') - 1;
  return fmt::format("{}: {} over {:.1f} s, {}, {} of riders", file, counted(frames, "frame"),
                     static_cast<double>(schedule->duration_ms()) / 1e3,
                     counted(schedule->faults.size(), "fault"),
                     counted(schedule->traffic.size(), "setting"));
}

/// Without one the recording is as good, but another run cannot be compared with it.
void add_audit(LabClient& client, std::string& lines) {
  auto audit = client.get(kAudit);
  if (!audit.ok()) {
    std::cerr << kProgram << ": without an audit: " << audit.error().message() << "\n";
    return;
  }
  lines += json::to_text({{"audit", std::move(*audit)}}) + "\n";
}

}  // namespace

void RecordSettings::add_to(Options& options) {
  options.add_positional("file", file, "JSON lines: what was asked, the frames, an audit");
  lab.add_to(options);
  options.add("seconds", seconds, {0, 600, "seconds"},
              "records so long from now on; 0: saves what the lab has, at most 10 minutes");
}

int run_record(const RecordSettings& settings, const StopSignal& stop) {
  const auto file = OutputFile::check(settings.file);
  if (!file.ok()) return usage_error(kProgram, file.error().message());
  auto client = settings.lab.connect();
  if (!client.ok()) return usage_error(kProgram, client.error().message());
  http::Client lab(client->address(), kTimeoutMs);
  if (const Status seen = look_on(lab, settings.seconds, stop); !seen.ok()) {
    return failed(seen.error().message());
  }
  const int64_t last = settings.seconds;
  auto recorded = lab.get(last == 0 ? std::string("/api/recording")
                                    : fmt::format("/api/recording?seconds={}", last));
  if (!recorded.ok()) return failed(recorded.error().message());
  if (recorded->status != 200 || recorded->body.empty()) {
    return failed(
        fmt::format("{} has no recording (status {})", settings.lab.lab, recorded->status));
  }
  std::string lines = std::move(recorded->body);
  const std::string summary = summary_of(lines, settings.file);
  add_audit(*client, lines);
  if (const Status written = file->write(lines); !written.ok()) {
    return failed(written.error().message());
  }
  std::cout << summary << "\n";
  return 0;
}

}  // namespace hailstorm::lab
