#pragma once

#include <filesystem>
#include <fmt/format.h>
#include <string>
#include <vector>

#include "common/http/client.h"
#include "services/lab/agent/fault_control.h"
#include "services/lab/agent/process_table.h"
#include "services/lab/faults/fault_board.h"
#include "services/lab/faults/process_faults.h"
#include "tests/support/await.h"
#include "tests/support/free_ports.h"
#include "tests/support/matchers.h"
#include "tests/support/run_program.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::lab {

/// A real hail-broker, held by a process table, and a board of faults for it.
///
/// Thread safety: not safe.
class HeldBroker {
 public:
  explicit HeldBroker(const Clock& clock, std::vector<std::string> more_arguments = {})
      : table(clock),
        processes(table, testing::program_folder()),
        board({process_fault_maker(processes)}, clock) {
    argv = {testing::program_folder() / "hail-broker",
            "--data",
            data,
            "--port",
            std::to_string(port),
            "--http-port",
            std::to_string(http_port),
            "--kafka-port",
            "0"};
    argv.insert(argv.end(), more_arguments.begin(), more_arguments.end());
  }

  [[nodiscard]] bool start() {
    SpawnRequest request{argv, "broker.log"};
    request.log_folder = folder.path();
    return table.start("broker", std::move(request), RestartPolicy::never).ok() &&
           testing::await([this] { return is_ready(); });
  }
  [[nodiscard]] bool is_ready() const {
    http::Client client({"127.0.0.1", http_port}, 1'000);
    http::Request request;
    request.path = "/readyz";
    const auto response = client.send(request);
    return response.ok() && response->status == 200;
  }
  [[nodiscard]] pid_t pid() {
    const auto view = processes.look("broker");
    return view.ok() ? view->pid : 0;
  }
  [[nodiscard]] Result<FaultState> ask(FaultAction action, int64_t duration_ms,
                                       json::Value attributes = json::Value::object(),
                                       uint64_t seed = 1) {
    FaultRequest request;
    request.id = fmt::format("{}-{}", name_of(action), ++asks);
    request.target = "broker";
    request.action = action;
    request.duration_ms = duration_ms;
    request.attributes = std::move(attributes);
    request.seed = seed;
    return board.ask(std::move(request));
  }
  [[nodiscard]] bool becomes(const FaultState& state, FaultPhase phase) {
    return testing::await([&] { return board.find(state.request.id)->phase == phase; });
  }

  const testing::TempFolder folder;
  const std::string data = folder.path() / "data";
  const int port = testing::free_port();
  const int http_port = testing::free_port();
  std::vector<std::string> argv;
  int asks = 0;
  ProcessTable table;
  FaultControl processes;
  FaultBoard board;
};

}  // namespace hailstorm::lab
