#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "tests/support/child.h"
#include "tests/support/free_ports.h"
#include "tests/support/run_program.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::testing {

/// A real hail-broker on ports and in a folder of its own, which may be killed and started again.
///
/// Thread safety: not safe; made and destroyed on one thread, with which the process dies.
class BrokerProcess {
 public:
  /// Starts it; it is ready when this returns. Aborts with the broker's own words when it does not
  /// come up.
  ///
  /// `data`: an existing folder; empty: one of its own. `shell`: commands that a shell runs first,
  /// in the process that then becomes the broker, such as "ulimit -n 256;".
  explicit BrokerProcess(std::vector<std::string> extra_arguments = {},
                         const std::filesystem::path& data = {}, std::string shell = "");
  BrokerProcess(const BrokerProcess&) = delete;
  BrokerProcess& operator=(const BrokerProcess&) = delete;

  /// On the same ports and folder as before. REQUIRES: it was killed or stopped.
  void start();
  /// As start(), but ends as soon as the broker answers, even that it is not ready: with a damaged
  /// partition it never is.
  void start_unready();
  void kill() { child_.kill(); }      // SIGKILL
  void freeze() { child_.freeze(); }  // SIGSTOP
  void thaw() { child_.thaw(); }      // SIGCONT
  /// SIGTERM; gives the exit code.
  int stop();

  [[nodiscard]] pid_t pid() const { return child_.pid(); }
  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] std::string url() const;
  [[nodiscard]] std::string http_url() const;
  [[nodiscard]] const std::filesystem::path& data() const { return data_; }
  /// What it wrote to standard error since the first start.
  [[nodiscard]] std::string log() const { return read_text(folder_.path() / "err"); }

 private:
  /// Until /readyz is answered with one of these.
  [[nodiscard]] bool launch(const std::set<int>& answers = {200});

  TempFolder folder_;
  std::filesystem::path data_;
  std::vector<std::string> extra_arguments_;
  std::string shell_;
  int port_ = free_port();
  int http_port_ = free_port();
  Child child_;
};

}  // namespace hailstorm::testing
