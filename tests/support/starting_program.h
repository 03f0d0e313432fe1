#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/child.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::testing {

/// Every program of the platform that serves.
inline const std::vector<std::string> kServers = {"hail-broker",       "hail-gateway",
                                                  "hail-matching",     "hail-payment",
                                                  "hail-notification", "hail-analytics"};

/// One of kServers, or the lab's agent, in a folder that is given, while it starts.
///
/// Thread safety: not safe.
class StartingProgram {
 public:
  /// `shell`: what a shell does first, and how it becomes the program: "ulimit -n 64; exec".
  /// `program`: one of kServers, or "hail-lab" for the agent, which finds its token in `folder`.
  StartingProgram(const std::string& program, const std::filesystem::path& folder, int http_port,
                  const std::string& shell = "exec");

  [[nodiscard]] Child& child() { return child_; }
  /// It serves: its probe of being alive answers.
  [[nodiscard]] bool serves() const;
  [[nodiscard]] std::string said() const;
  /// How often these words are in what it said.
  [[nodiscard]] int times_said(const std::string& words) const;

 private:
  TempFolder own_;
  const int http_port_;
  Child child_;
};

}  // namespace hailstorm::testing
