#include "services/lab/queue/command.h"

#include <iostream>

#include "services/lab/queue/comparison.h"

namespace hailstorm::lab {
namespace {

constexpr const char* kProgram = "hail-lab queue-or-log";

Result<json::Value> ask(const LabAddress& address, int64_t rides) {
  HAIL_ASSIGN_OR_RETURN(auto client, address.connect());
  return client.post("/api/queue-or-log", {{"rides", rides}});
}

}  // namespace

void QueueCommand::add_to(Options& options) {
  auto& command = options.add_command(
      "queue-or-log", "Lets the same rides go through a work queue and through the log.",
      [this] { return run(); });
  command.add("rides", rides_, {kLeastRides, kMostRides, "rides"}, "so many of the newest");
  command.add_flag("json", json_, "for programs");
  address_.add_to(command);
}

int QueueCommand::run() const {
  const auto result = ask(address_, rides_);
  const auto lines = result.ok() ? to_lines(*result) : result.error();
  if (!lines.ok()) {
    (void)usage_error(kProgram, lines.error().message());
    return 1;
  }
  if (json_) {
    std::cout << json::to_text(*result) << "\n";
    return 0;
  }
  for (const auto& line : *lines) std::cout << line << "\n";
  return 0;
}

}  // namespace hailstorm::lab
