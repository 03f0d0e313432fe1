#include "services/lab/story/trips.h"

#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>

#include "common/json/json.h"
#include "common/json/member_reader.h"
#include "services/lab/agent/spawn.h"

namespace hailstorm::lab {
namespace {

namespace fs = std::filesystem;
constexpr const char* kBuiltInCity = "built-in city";
constexpr int kReadsWithinMs = 120'000;

struct Output {
  int status = 0;
  std::vector<std::string> lines;
};

Result<Output> run(const std::vector<std::string>& argv) {
  std::string file = (fs::temp_directory_path() / "hailstorm-trips-XXXXXX").string();
  const int fd = ::mkstemp(file.data());
  if (fd < 0) return Error(TripsErrc::not_usable, "cannot make a file in the temporary folder");
  ::close(fd);
  const auto pid = spawn({argv, file});
  Output output;
  if (pid.ok()) {
    if (!await_exit(*pid, kReadsWithinMs)) ::kill(*pid, SIGKILL);
    ::waitpid(*pid, &output.status, 0);
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) output.lines.push_back(line);
  }
  ::unlink(file.c_str());
  if (!pid.ok()) return pid.error();
  return output;
}

/// hail-traffic's summary, {"read":…,"skipped":…}, if this line is one.
bool take_summary(const std::string& line, TripsSummary& summary) {
  const auto document = json::parse(line);
  if (!document.ok()) return false;
  json::MemberReader reader(*document);
  return reader.required("read", summary.read).optional("skipped", summary.skipped).ok();
}

}  // namespace

std::string_view name_of(TripsErrc code) {
  switch (code) {
    case TripsErrc::not_usable:
      return "not_usable";
  }
  return "unknown";
}

std::string TripsSummary::text() const {
  if (source == kBuiltInCity) return "Trips: the built-in city";
  return fmt::format("Trips: {}, {} rows read, {} skipped", source, read, skipped);
}

Result<TripsSummary> check_trips(const StorySettings& settings) {
  TripsSummary summary;
  summary.source = settings.trips.empty() ? kBuiltInCity : settings.trips;
  const std::string trips = settings.trips.empty() ? "none" : settings.trips;
  HAIL_ASSIGN_OR_RETURN(
      const Output output,
      run({(fs::path(settings.programs) / "hail-traffic").string(), "--check", "--trips", trips,
           "--rides", std::to_string(settings.rides), "--seed", std::to_string(settings.seed)}));
  for (const auto& line : output.lines) {
    if (!take_summary(line, summary)) summary.remarks.push_back(line);
  }
  if (output.status == 0) return summary;
  std::string why =
      summary.remarks.empty() ? "hail-traffic could not read " + trips : summary.remarks.back();
  constexpr std::string_view kItsName = "hail-traffic: ";
  if (why.starts_with(kItsName)) why.erase(0, kItsName.size());
  return Error(TripsErrc::not_usable, why);
}

}  // namespace hailstorm::lab
