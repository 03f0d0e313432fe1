#include "services/lab/platform/platform_options.h"

#include <cerrno>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>
#include <vector>

#include "common/base/token_file.h"
#include "services/lab/platform/count_word.h"
#include "services/lab/platform/ports.h"

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

/// Nothing is in it but empty folders, which may be where file systems are mounted. An error sets
/// `failed`.
bool is_fresh(const fs::path& folder, std::error_code& failed) {
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    if (!entry.is_directory(failed) || !fs::is_empty(entry.path(), failed)) return false;
  }
  return !failed;
}

}  // namespace

void PlatformOptions::add_to(Options& options) {
  options.add("trips", trips,
              "CSV file of real pickups, or - for standard input; without it a built-in city");
  options.add("seed", seed, {0, kAnyMost},
              "of all that is drawn: riders, places, drivers' places, declined payments");
  options.add("data", data, "folder for everything; by default a fresh one under --home, kept");
  options.add(
      "base-port", base_port, {1024, highest_base_port()},
      fmt::format("first of {} ports on 127.0.0.1", count_word(registry::platform_ports().size())));
  options.add("programs", programs, "folder of the programs; by default where this one lies");
  options.add("home", home, "where the default data folder is made");
  options.add_flag("no-links", no_links,
                   "connect the processes directly, without relays: then links have no faults");
  options.add_flag("agents", agents,
                   "the platform runs already, each process with the agent on the host of its "
                   "name (containers)");
  options.add("agent-tokens", agent_tokens, "folder of those agents' tokens: NAME/token for each");
  options.add("claims", claims, "file that counts the rides of all riders, who so never ask twice");
}

std::string PlatformOptions::check() {
  if (agents && (agent_tokens.empty() || data.empty())) {
    return "--agents needs --agent-tokens and --data";
  }
  if (programs.empty()) programs = fs::read_symlink("/proc/self/exe").parent_path();
  return check_programs();
}

std::string PlatformOptions::check_tokens() const {
  if (!agents) return {};
  for (const auto& plan : plan_of(platform())) {
    const auto token = read_token(fs::path(agent_tokens) / plan.name / "token");
    if (!token.ok()) return token.error().message() + "; is the platform up?";
  }
  return {};
}

std::string PlatformOptions::check_programs() const {
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

PlatformSettings PlatformOptions::platform() const {
  PlatformSettings platform;
  platform.programs = fs::absolute(programs);
  if (!data.empty()) platform.data = fs::absolute(data);
  platform.base_port = static_cast<int>(base_port);
  platform.seed = seed;
  platform.pickups = trips_file;
  platform.with_links = !no_links;
  platform.unsafe = unsafe;
  platform.topic_flush = topic_flush;
  if (agents) platform.agent_tokens = agent_tokens;
  return platform;
}

std::string make_data_folder(PlatformOptions& options) {
  std::error_code failed;
  if (options.data.empty()) {
    options.data = fresh_folder(fs::absolute(options.home));
  } else if (!options.agents && fs::exists(options.data, failed) &&
             !is_fresh(options.data, failed)) {
    return fmt::format("{} is {}: name a fresh folder with --data", options.data,
                       failed ? "not usable" : "not empty");
  }
  fs::create_directories(fs::path(options.data) / "traffic", failed);
  if (failed) return fmt::format("cannot make {}: {}", options.data, failed.message());
  return {};
}

}  // namespace hailstorm::lab
