#include "services/lab/runs/run_desk.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fmt/format.h>
#include <fstream>
#include <sstream>
#include <string_view>
#include <sys/wait.h>
#include <system_error>

#include "common/base/output_file.h"
#include "common/base/text.h"
#include "common/base/token_file.h"
#include "services/lab/agent/spawn.h"
#include "services/lab/api/errors.h"

namespace hailstorm::lab {
namespace {

namespace fs = std::filesystem;

constexpr auto kLookAfterRunEvery = std::chrono::milliseconds(200);
constexpr int kRunEndsWithinMs = 8'000;
constexpr size_t kIdLength = 8;
constexpr std::streamoff kMostSaid = 2'000;
constexpr uintmax_t kMostOfAResult = 16U << 20;

// In the folder of a run.
constexpr const char* kDocument = "experiment.json";
constexpr const char* kOutput = "output";
constexpr const char* kOwnData = "data";
constexpr const char* kReport = "report.html";
constexpr const char* kResult = "result.json";

/// The last line that is not empty.
std::string last_line(const fs::path& file) {
  std::ifstream in(file, std::ios::ate | std::ios::binary);
  if (!in) return {};
  in.seekg(std::max<std::streamoff>(0, in.tellg() - kMostSaid));
  std::string last;
  for (std::string line; std::getline(in, line);) {
    if (line.find_first_not_of(' ') != std::string::npos) last = line;
  }
  const size_t begin = last.find_first_not_of(' ');
  return begin == std::string::npos ? "" : printable(last.substr(begin));
}

/// Null: there is none.
json::Value result_in(const fs::path& file) {
  std::error_code not_there;
  const auto bytes = fs::file_size(file, not_there);
  if (not_there || bytes > kMostOfAResult) return {};
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  auto document = json::parse(text.str());
  return document.ok() ? std::move(*document) : json::Value();
}

Status write_document(const fs::path& file, const std::string& text) {
  HAIL_ASSIGN_OR_RETURN(const auto output, OutputFile::check(file.string()));
  return output.write(text);
}

Error no_such_run(RunKind kind, const std::string& id) {
  return Error(ApiErrc::not_found, fmt::format("there is no {} {} among the last {} runs",
                                               name_of(kind), printable(id), RunDesk::kMostRuns));
}

}  // namespace

/// By the exit codes that experiments and blasts have in common.
std::string RunDesk::Run::state() const {
  if (!ended_ms) return "running";
  if (is_asked_to_end) return "stopped";
  if (!WIFEXITED(status)) return "failed";
  if (WEXITSTATUS(status) == 0) return "passed";
  return WEXITSTATUS(status) == 3 ? "inconclusive" : "failed";
}

RunDesk::RunDesk(Settings settings, const Clock& clock)
    : settings_(std::move(settings)),
      clock_(clock),
      owner_(kLookAfterRunEvery, [this] { reap(); }) {}

fs::path RunDesk::folder_of(const Run& run) const { return settings_.folder / run.id; }

void RunDesk::reap() {
  if (runs_.empty() || runs_.back().ended_ms) return;
  Run& run = runs_.back();
  if (::waitpid(run.pid, &run.status, WNOHANG) == run.pid) note_end(run);
}

void RunDesk::note_end(Run& run) {
  run.ended_ms = clock_.wall_ms();
  if (!run.has_own_platform) return;
  std::error_code stays;
  fs::remove_all(folder_of(run) / kOwnData, stays);
}

std::vector<std::string> RunDesk::command_of(const Run& run, const RunOrder& order) const {
  const fs::path folder = folder_of(run);
  std::vector<std::string> argv = {settings_.program, std::string(name_of(run.kind))};
  if (run.kind == RunKind::experiment) {
    argv.insert(argv.end(), {"run", folder / kDocument, "--journal", folder / kResult});
  } else {
    argv.insert(argv.end(), {"--json", folder / kResult});
  }
  argv.insert(argv.end(), {"--report", folder / kReport});
  argv.insert(argv.end(), order.arguments.begin(), order.arguments.end());
  if (run.has_own_platform) {
    argv.insert(argv.end(), {"--data", folder / kOwnData, "--base-port",
                             std::to_string(settings_.own_base_port), "--programs",
                             settings_.program.parent_path()});
  } else {
    argv.insert(argv.end(), {"--lab", settings_.lab, "--token-file", settings_.token_file});
  }
  return argv;
}

Status RunDesk::spawn(Run& run, const RunOrder& order) {
  const fs::path folder = folder_of(run);
  std::error_code unmade;
  fs::create_directories(folder, unmade);
  if (unmade) {
    return Error(ApiErrc::failed,
                 fmt::format("cannot make {}: {}", folder.string(), unmade.message()));
  }
  if (order.kind == RunKind::experiment) {
    HAIL_RETURN_IF_ERROR(write_document(folder / kDocument, order.document));
  }
  SpawnRequest request;
  request.argv = command_of(run, order);
  request.log_file = folder / kOutput;
  const auto pid = lab::spawn(request);
  if (!pid.ok()) return Error(ApiErrc::failed, pid.error().message());
  run.pid = *pid;
  return {};
}

Result<json::Value> RunDesk::start(const RunOrder& order) {
  return owner_.run([&]() -> Result<json::Value> {
    reap();
    if (is_stopped_) return Error(ApiErrc::not_now, "the lab stops");
    if (order.needs_own_platform && settings_.own_base_port == 0) {
      return Error(ApiErrc::bad_request,
                   "unsafe and flush change the platform itself, so the experiment needs one of "
                   "its own, which this lab cannot start: hail-lab experiment run");
    }
    if (!runs_.empty() && !runs_.back().ended_ms) {
      const Run& on = runs_.back();
      return Error(ApiErrc::conflict,
                   fmt::format("{} {} is on: {}", name_of(on.kind), on.id, printable(on.title)));
    }
    Run run{random_token().substr(0, kIdLength), order.kind, order.title, clock_.wall_ms()};
    run.has_own_platform = order.needs_own_platform;
    HAIL_RETURN_IF_ERROR(spawn(run, order));
    runs_.push_back(run);
    if (runs_.size() > kMostRuns) {
      std::error_code stays;
      fs::remove_all(folder_of(runs_.front()), stays);
      runs_.pop_front();
    }
    return describe(run);
  });
}

json::Value RunDesk::describe(const Run& run) const {
  return {{"id", run.id},
          {"title", run.title},
          {"state", run.state()},
          {"began_ms", run.began_ms},
          {"ended_ms", run.ended_ms},
          {"said", last_line(folder_of(run) / kOutput)}};
}

json::Value RunDesk::list(RunKind kind) {
  const auto runs = owner_.run([this] {
    reap();
    return runs_;
  });
  json::Value all = json::Value::array();
  for (auto run = runs.rbegin(); run != runs.rend(); ++run) {
    if (run->kind == kind) all.push_back(describe(*run));
  }
  return {{"runs", std::move(all)}};
}

std::optional<RunDesk::Run> RunDesk::run_of(RunKind kind, const std::string& id) {
  reap();
  const auto found = std::find_if(runs_.begin(), runs_.end(),
                                  [&](const Run& run) { return run.kind == kind && run.id == id; });
  return found == runs_.end() ? std::nullopt : std::optional(*found);
}

Result<json::Value> RunDesk::find(RunKind kind, const std::string& id) {
  const auto run = owner_.run([&] { return run_of(kind, id); });
  if (!run) return no_such_run(kind, id);
  json::Value found = describe(*run);
  found.add("result", result_in(folder_of(*run) / kResult));
  return found;
}

Result<std::string> RunDesk::report(RunKind kind, const std::string& id) {
  const auto run = owner_.run([&] { return run_of(kind, id); });
  if (!run) return no_such_run(kind, id);
  std::ifstream file(folder_of(*run) / kReport, std::ios::binary);
  if (!file) {
    return Error(ApiErrc::not_found, fmt::format("{} {} has no report: its state is {}",
                                                 name_of(kind), printable(id), run->state()));
  }
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

Result<json::Value> RunDesk::ask_to_end(RunKind kind, const std::string& id) {
  return owner_.run([&]() -> Result<json::Value> {
    const auto run = run_of(kind, id);
    if (!run) return no_such_run(kind, id);
    if (run->ended_ms) return describe(*run);
    runs_.back().is_asked_to_end = true;
    ::kill(run->pid, SIGINT);
    return describe(runs_.back());
  });
}

void RunDesk::stop() {
  owner_.run([this] {
    is_stopped_ = true;
    reap();
    if (runs_.empty() || runs_.back().ended_ms) return;
    Run& run = runs_.back();
    run.is_asked_to_end = true;
    ::kill(run.pid, SIGINT);
    if (!await_exit(run.pid, kRunEndsWithinMs)) ::kill(run.pid, SIGKILL);
    ::waitpid(run.pid, &run.status, 0);
    note_end(run);
  });
}

}  // namespace hailstorm::lab
