#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <sys/types.h>
#include <vector>

#include "common/http/client.h"
#include "common/json/json.h"
#include "services/lab/api/lab_client.h"
#include "tests/support/child.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::testing {

/// `hail-lab serve`, or another command of hail-lab that has the lab's API, with a platform of its
/// own.
///
/// Thread safety: not safe; the processes die with the thread that made it.
class ServedLab {
 public:
  /// Returns when the API answers and every process is ready; the test is aborted where that takes
  /// too long. `command` begins with the name of the command.
  explicit ServedLab(const std::vector<std::string>& command = {"serve"});

  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] const std::filesystem::path& data() const { return data_; }
  [[nodiscard]] std::filesystem::path token_file() const { return data_ / "lab" / "lab-token"; }
  [[nodiscard]] std::string bearer() const;
  [[nodiscard]] lab::LabClient client() const;
  /// What it has printed so far.
  [[nodiscard]] std::string output() const;
  [[nodiscard]] Child& process() { return process_; }
  /// Starts it once more, with the same ports and fresh data. REQUIRES: it was killed, or has
  /// ended.
  void start();
  /// Of the platform's processes, as the API gives them.
  [[nodiscard]] std::vector<pid_t> pids() const;

  /// The id of a ride that the gateway has accepted on the log lane.
  [[nodiscard]] std::string ask_for_a_ride(const std::string& rider) const;

  /// With these headers and nothing else, and the Content-Type of JSON unless there is one. Of a
  /// stream the body is its first event's data. Status 0: there was no answer.
  [[nodiscard]] http::Response send(const std::string& method, const std::string& path,
                                    http::Headers headers, const std::string& body = "{}") const;

 private:
  [[nodiscard]] http::Response open_stream(const http::Headers& headers) const;

  const TempFolder folder_;
  std::filesystem::path data_;
  const int port_;
  const std::vector<std::string> command_;
  int starts_ = 0;
  Child process_;
};

}  // namespace hailstorm::testing
