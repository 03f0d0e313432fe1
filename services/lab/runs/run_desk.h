#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/json/json.h"
#include "services/lab/agent/owner_thread.h"
#include "services/lab/runs/run_order.h"

namespace hailstorm::lab {

/// Experiments, blasts and storms that this lab was asked for, one at a time, each as a process
/// (hail-lab) that is a client of this lab like any other; or, for an experiment that takes guards
/// out, with a platform of its own. A run has a folder with what it was given, what it said, its
/// result and its report; those of the last 20 runs are kept.
///
/// Thread safety: safe.
class RunDesk {
 public:
  struct Settings {
    std::filesystem::path program;     // hail-lab
    std::string lab;                   // its URL
    std::filesystem::path token_file;  // the lab's
    std::filesystem::path folder;      // each run has a folder in it
    int own_base_port = 0;             // of a platform for one run; 0: none can be started here
  };
  static constexpr size_t kMostRuns = 20;

  /// `clock` must remain live while this is in use.
  RunDesk(Settings settings, const Clock& clock);
  ~RunDesk() { stop(); }
  RunDesk(const RunDesk&) = delete;
  RunDesk& operator=(const RunDesk&) = delete;

  /// Begins a run; gives it as list() does. Errors: conflict while one is on, names it; failed: no
  /// process could be started; bad_request: it needs a platform of its own, which cannot be here.
  [[nodiscard]] Result<json::Value> start(const RunOrder& order);
  /// {"runs":[{"id","title","state","began_ms","ended_ms","said"}…]} of that kind, the newest
  /// first. state: running, passed, failed, inconclusive, stopped; ended_ms: null while it runs;
  /// said: the last line of its output.
  [[nodiscard]] json::Value list(RunKind kind);
  /// One of them, with "result": the experiment's journal, or what the blast measured; null where
  /// there is none (yet). Error not_found.
  [[nodiscard]] Result<json::Value> find(RunKind kind, const std::string& id);
  /// Its report, one file of HTML. Error not_found: there is no such run, or no report (yet).
  [[nodiscard]] Result<std::string> report(RunKind kind, const std::string& id);
  /// Asks it to end, as Ctrl-C does: it reverts its faults first, and has ended soon after. Error
  /// not_found.
  [[nodiscard]] Result<json::Value> ask_to_end(RunKind kind, const std::string& id);
  /// Ends the run that is on, and begins no more. The lab must still answer. May be called twice.
  void stop();

 private:
  struct Run {
    std::string id;
    RunKind kind;
    std::string title;
    int64_t began_ms = 0;
    std::optional<int64_t> ended_ms = {};
    pid_t pid = 0;
    int status = 0;  // as waitpid() gave it
    bool has_own_platform = false;
    bool is_asked_to_end = false;

    [[nodiscard]] std::string state() const;
  };

  // These run on the owner thread, but for the last two.
  void reap();
  void note_end(Run& run);
  [[nodiscard]] std::vector<std::string> command_of(const Run& run, const RunOrder& order) const;
  [[nodiscard]] Status spawn(Run& run, const RunOrder& order);
  [[nodiscard]] std::optional<Run> run_of(RunKind kind, const std::string& id);
  [[nodiscard]] json::Value describe(const Run& run) const;
  [[nodiscard]] std::filesystem::path folder_of(const Run& run) const;

  const Settings settings_;
  const Clock& clock_;
  bool is_stopped_ = false;
  std::deque<Run> runs_;  // the newest last; only that one may be on
  OwnerThread owner_;     // last: it uses all of the above
};

}  // namespace hailstorm::lab
