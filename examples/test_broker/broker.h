#pragma once

#include <arpa/inet.h>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/// A GoogleTest fixture: a Kafka for each test, in an empty folder, that can be killed in
/// mid-stream. Wants hail-broker on PATH. Needs nothing but POSIX and GoogleTest.
///
/// Thread safety: not safe.
class BrokerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/hail-broker-XXXXXX";
    folder_ = ::mkdtemp(name);
    port_ = free_port();
    start_broker();
  }
  void TearDown() override {
    kill_broker();
    std::filesystem::remove_all(folder_);
  }

  /// For bootstrap.servers.
  [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  /// Brings back what was written before kill_broker(). Throws where the broker ends at once.
  void start_broker() {
    broker_ = ::fork();
    if (broker_ == 0) {
      ::freopen((folder_ + "/broker.log").c_str(), "a", stderr);
      ::execlp("hail-broker", "hail-broker", "--data", (folder_ + "/data").c_str(), "--port", "0",
               "--http-port", "0", "--kafka-port", std::to_string(port_).c_str(), nullptr);
      ::_exit(127);
    }
    while (!connects()) {
      if (::waitpid(broker_, nullptr, WNOHANG) != 0)
        throw std::runtime_error("no hail-broker: see " + folder_);
      ::usleep(1'000);
    }
  }
  /// With SIGKILL.
  void kill_broker() {
    ::kill(broker_, SIGKILL);
    ::waitpid(broker_, nullptr, 0);
  }

 private:
  static sockaddr_in loopback(int port) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<uint16_t>(port));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return to;
  }
  static int free_port() {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in at = loopback(0);
    socklen_t size = sizeof at;
    ::bind(fd, reinterpret_cast<sockaddr*>(&at), size);
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&at), &size);
    ::close(fd);
    return ntohs(at.sin_port);
  }
  [[nodiscard]] bool connects() const {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    const sockaddr_in to = loopback(port_);
    const bool done = ::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
    ::close(fd);
    return done;
  }

  std::string folder_;
  int port_ = 0;
  pid_t broker_ = -1;
};
