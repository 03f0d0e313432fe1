#include "services/lab/story/settings.h"

#include <cerrno>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include "common/base/output_file.h"
#include "common/base/token_file.h"
#include "services/lab/platform/count_word.h"
#include "services/lab/platform/ports.h"
#include "services/registry/services.h"

namespace hailstorm::lab {
namespace {

namespace fs = std::filesystem;

fs::path fresh_folder(const fs::path& home) {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  ::localtime_r(&now, &local);
  const std::string name = fmt::format("run-{:%Y%m%d-%H%M%S}", local);
  fs::path folder = home / name;
  std::error_code failed;  // then it cannot be made either, which says why
  for (int again = 2; fs::exists(folder, failed); ++again)
    folder = home / fmt::format("{}-{}", name, again);
  return folder;
}

}  // namespace

void StorySettings::add_to(Options& options) {
  options.add("trips", trips,
              "CSV file of real pickups, or - for standard input; without it a built-in city");
  options.add("rides", rides, {24, 10'000'000, "rides"},
              "how many rides, shared evenly by the six acts");
  options.add("rate", rate, {0.001, 100'000, "rides/s"},
              "rides per second; 200 if neither this nor --speedup is given");
  options.add("speedup", speedup, {0.001, 1'000'000, "times"},
              "send by the trips file's own clock, so many times faster");
  options.add("seed", seed, {0, kAnyMost},
              "of all that is drawn: riders, places, drivers' places, declined payments");
  options.add("report", report, "file that the figures are written to as JSON");
  options.add("data", data, "folder for everything; by default a fresh one under --home, kept");
  options.add(
      "base-port", base_port, {1024, highest_base_port()},
      fmt::format("first of {} ports on 127.0.0.1", count_word(registry::platform_ports().size())));
  options.add_flag("keep", keep, "stay up after the story until Ctrl-C");
  options.add("programs", programs, "folder of the programs; by default where this one lies");
  options.add("home", home, "where the default data folder is made");
  options.add_flag("agents", agents,
                   "the platform runs already, each process with the agent on the host of its "
                   "name (containers)");
  options.add("agent-tokens", agent_tokens, "folder of those agents' tokens: NAME/token for each");
  options.add("claims", claims, "file that counts the rides of all riders, who so never ask twice");
}

std::string StorySettings::check() {
  if (rate && speedup) return "give --rate or --speedup, not both";
  if (speedup && trips.empty()) return "--speedup needs the clock of a file: give --trips";
  if (agents && (agent_tokens.empty() || data.empty())) {
    return "--agents needs --agent-tokens and --data";
  }
  if (!report.empty()) {
    const auto file = OutputFile::check(report);
    if (!file.ok()) return "--report: " + file.error().message();
  }
  if (programs.empty()) programs = fs::read_symlink("/proc/self/exe").parent_path();
  if (auto wrong = check_tokens(); !wrong.empty()) return wrong;
  return check_programs();
}

std::string StorySettings::check_tokens() const {
  if (!agents) return {};
  for (const auto& plan : plan_of(platform())) {
    const auto token = read_token(fs::path(agent_tokens) / plan.name / "token");
    if (!token.ok()) return token.error().message() + "; is the platform up?";
  }
  return {};
}

std::string StorySettings::check_programs() const {
  std::vector<std::string> files = {fs::path(programs) / "hail-lab",
                                    fs::path(programs) / "hail-traffic"};
  for (const auto& plan : plan_of(platform())) files.push_back(plan.argv.front());
  for (const auto& file : files) {
    if (::access(file.c_str(), X_OK) == 0) continue;
    if (errno == ENOENT) return file + " is not there: build the programs first";
    return fmt::format("{} cannot be started: {}", file, std::strerror(errno));
  }
  return {};
}

PlatformSettings StorySettings::platform() const {
  PlatformSettings platform;
  platform.programs = fs::absolute(programs);
  if (!data.empty()) platform.data = fs::absolute(data);
  platform.base_port = static_cast<int>(base_port);
  platform.seed = seed;
  platform.pickups = trips_file;
  if (agents) platform.agent_tokens = agent_tokens;
  return platform;
}

std::string StorySettings::answers_of(const std::string& act) const {
  return riders_file(act + ".jsonl");
}

std::string StorySettings::trips_copy() const { return riders_file("trips.csv"); }

std::string StorySettings::riders_file(const std::string& name) const {
  const std::string file = agents ? fmt::format("story-{:08}-{}", first_ride, name) : name;
  return fs::absolute(data) / "traffic" / file;
}

std::string make_data_folder(StorySettings& settings) {
  std::error_code failed;
  if (settings.data.empty()) {
    settings.data = fresh_folder(fs::absolute(settings.home));
  } else if (!settings.agents && fs::exists(settings.data, failed) &&
             !fs::is_empty(settings.data, failed)) {
    return fmt::format("{} is {}: name a fresh folder with --data", settings.data,
                       failed ? "not usable" : "not empty");
  }
  fs::create_directories(fs::path(settings.data) / "traffic", failed);
  if (failed) return fmt::format("cannot make {}: {}", settings.data, failed.message());
  return {};
}

}  // namespace hailstorm::lab
