#pragma once

#include <memory>
#include <string>

#include "common/base/result.h"
#include "common/log/log.h"

namespace hailstorm::cli {

/// The settings of every command.
struct Globals {
  std::string broker = "hailstorm://127.0.0.1:7400";
  bool json = false;
};

/// After this time a record that is not acknowledged counts as one of unknown outcome.
inline constexpr int kDeliveryTimeoutMs = 30'000;

/// A connection with one administrator on it.
///
/// Thread safety: not safe.
struct Connection {
  std::unique_ptr<log::Engine> engine;
  std::unique_ptr<log::Admin> admin;
};
[[nodiscard]] Result<Connection> connect(const Globals& globals);

/// The topic, or an error that says how to list the topics.
[[nodiscard]] Result<log::TopicInfo> find_topic(log::Admin& admin, const std::string& name);

/// Prints "hail: …" for people on standard error and gives exit code 2. Explains an unreachable
/// broker. With --json, closed partitions are a JSON object on standard output, too.
[[nodiscard]] int fail(const Globals& globals, const Error& error);

/// 0 or the code, or what fail() gives.
[[nodiscard]] int finish(const Globals& globals, const Status& status);
[[nodiscard]] int finish(const Globals& globals, const Result<int>& code);

}  // namespace hailstorm::cli
