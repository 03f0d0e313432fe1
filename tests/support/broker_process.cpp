#include "tests/support/broker_process.h"

#include <algorithm>
#include <chrono>
#include <iostream>
#include <thread>

#include "common/base/check.h"
#include "common/http/client.h"

namespace hailstorm::testing {
namespace {

constexpr int kStartTimeoutMs = 60'000;

}  // namespace

BrokerProcess::BrokerProcess(std::vector<std::string> extra_arguments,
                             const std::filesystem::path& data, std::string shell)
    : data_(data.empty() ? folder_.path() / "data" : data),
      extra_arguments_(std::move(extra_arguments)),
      shell_(std::move(shell)) {
  start();
}

bool BrokerProcess::launch(const std::set<int>& answers) {
  std::vector<std::string> arguments = {program_folder() / "hail-broker",
                                        "--data",
                                        data(),
                                        "--port",
                                        std::to_string(port_),
                                        "--http-port",
                                        std::to_string(http_port_)};
  if (std::ranges::find(extra_arguments_, "--kafka-port") == extra_arguments_.end()) {
    arguments.insert(arguments.end(), {"--kafka-port", "0"});
  }
  arguments.insert(arguments.end(), extra_arguments_.begin(), extra_arguments_.end());
  if (!shell_.empty())
    arguments.insert(arguments.begin(), {"/bin/sh", "-c", shell_ + " exec \"$@\"", "sh"});
  child_ = Child(arguments, {.err = folder_.path() / "err"});
  http::Client probe(http::Address{"127.0.0.1", http_port_}, 1'000);
  const auto deadline =
      std::chrono::steady_clock::now() + std::chrono::milliseconds(kStartTimeoutMs);
  while (std::chrono::steady_clock::now() < deadline) {
    if (child_.has_ended()) {
      child_.wait();
      return false;
    }
    const auto answer = probe.get("/readyz");
    if (answer.ok() && answers.contains(answer->status)) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  kill();
  return false;
}

void BrokerProcess::start() {
  HAIL_CHECK(!child_.is_held());
  if (launch()) return;
  std::cerr << log();
  HAIL_CHECK(false && "hail-broker did not start");
}

void BrokerProcess::start_unready() {
  HAIL_CHECK(!child_.is_held());
  HAIL_CHECK(launch({200, 503}));
}

int BrokerProcess::stop() {
  child_.terminate();
  return child_.wait();
}

std::string BrokerProcess::url() const { return "hailstorm://127.0.0.1:" + std::to_string(port_); }
std::string BrokerProcess::http_url() const {
  return "http://127.0.0.1:" + std::to_string(http_port_);
}

}  // namespace hailstorm::testing
