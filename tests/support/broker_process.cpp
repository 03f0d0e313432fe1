#include "tests/support/broker_process.h"

#include <arpa/inet.h>
#include <chrono>
#include <iostream>
#include <netinet/in.h>
#include <random>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

#include "common/base/check.h"
#include "common/http/client.h"

namespace hailstorm::testing {
namespace {

constexpr int kStartTimeoutMs = 60'000;

}  // namespace

bool is_free_port(int port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  const bool bound = ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(fd);
  return bound;
}

int free_port() {
  static std::mt19937 random{std::random_device{}()};
  std::uniform_int_distribution<int> ports(15'000, 32'000);
  while (true) {
    const int port = ports(random);
    if (is_free_port(port)) return port;
  }
}

int free_ports(int count) {
  while (true) {
    const int first = free_port();
    bool all = true;
    for (int i = 1; i < count; ++i) all = all && is_free_port(first + i);
    if (all) return first;
  }
}

BrokerProcess::BrokerProcess(std::vector<std::string> extra_arguments,
                             const std::filesystem::path& data, std::string shell)
    : data_(data.empty() ? folder_.path() / "data" : data),
      extra_arguments_(std::move(extra_arguments)),
      shell_(std::move(shell)) {
  for (int attempt = 0; attempt < 5; ++attempt) {  // another test may be quicker at the same port
    port_ = free_port();
    http_port_ = free_port();
    if (launch()) return;
  }
  std::cerr << log();
  HAIL_CHECK(false && "hail-broker did not start");
}

bool BrokerProcess::launch(const std::set<int>& answers) {
  std::vector<std::string> arguments = {program_folder() / "hail-broker",
                                        "--data",
                                        data(),
                                        "--port",
                                        std::to_string(port_),
                                        "--http-port",
                                        std::to_string(http_port_)};
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
  HAIL_CHECK(false && "hail-broker did not start again");
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
