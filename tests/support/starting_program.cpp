#include "tests/support/starting_program.h"

#include <fstream>

#include "common/http/client.h"
#include "tests/support/broker_process.h"
#include "tests/support/run_program.h"

namespace hailstorm::testing {
namespace {

std::vector<std::string> arguments_of(const std::string& program,
                                      const std::filesystem::path& folder, int http_port) {
  const std::string port = std::to_string(http_port);
  if (program == "hail-lab") {
    return {"agent",          "--port",           port,           "--token-file",
            folder / "token", "--fallback-token", folder / "made"};
  }
  std::vector<std::string> arguments = {"--data", folder / "data", "--http-port", port};
  if (program == "hail-broker") {
    arguments.insert(arguments.end(), {"--port", std::to_string(free_port()), "--kafka-port", "0"});
  } else {
    arguments.insert(arguments.end(), {"--broker", "hailstorm://127.0.0.1:1"});
  }
  return arguments;
}

}  // namespace

StartingProgram::StartingProgram(const std::string& program, const std::filesystem::path& folder,
                                 int http_port, const std::string& shell)
    : http_port_(http_port) {
  if (program == "hail-lab") std::ofstream(folder / "token", std::ios::app).close();
  std::vector<std::string> arguments = {"/bin/bash", "-c", shell + " \"$@\"", "bash",
                                        program_folder() / program};
  const auto own = arguments_of(program, folder, http_port);
  arguments.insert(arguments.end(), own.begin(), own.end());
  child_ = Child(arguments, {.in = {}, .out = {}, .err = own_.path() / "err"});
}

bool StartingProgram::serves() const {
  const auto answer = http::Client({"127.0.0.1", http_port_}, 1'000).get("/healthz");
  return answer.ok() && answer->status == 200;
}

std::string StartingProgram::said() const { return read_text(own_.path() / "err"); }

int StartingProgram::times_said(const std::string& words) const {
  const std::string text = said();
  int times = 0;
  for (size_t at = text.find(words); at != std::string::npos; at = text.find(words, at + 1))
    ++times;
  return times;
}

}  // namespace hailstorm::testing
