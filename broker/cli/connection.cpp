#include "broker/cli/connection.h"

#include <fmt/format.h>
#include <iostream>
#include <utility>

#include "common/base/options.h"
#include "common/json/json.h"

namespace hailstorm::cli {
namespace {

constexpr int kAnswerTimeoutMs = 4'000;

}  // namespace

Result<Connection> connect(const Globals& globals) {
  Connection connection;
  HAIL_ASSIGN_OR_RETURN(connection.engine, log::open(globals.broker));
  connection.admin = connection.engine->make_admin(kAnswerTimeoutMs);
  return connection;
}

Result<log::TopicInfo> find_topic(log::Admin& admin, const std::string& name) {
  auto found = admin.describe_topics({name});
  if (found.ok() && found->size() == 1) return std::move(found->front());
  if (!found.ok() && !found.error().is(log::LogErrc::unknown_topic))
    return std::move(found).error();
  return Error(
      log::LogErrc::unknown_topic,
      fmt::format("topic '{}' does not exist; 'hail topics list' shows those that do", name));
}

int fail(const Globals& globals, const Error& error) {
  if (error.is(log::LogErrc::unavailable)) {
    return usage_error("hail",
                       fmt::format("cannot reach the broker at {}; start it (hail-broker --data "
                                   "DIR) or give its address with --broker",
                                   globals.broker));
  }
  if (globals.json && error.is(log::LogErrc::storage_error))
    std::cout << json::to_text({{"error", error.message()}}) << std::endl;
  return usage_error("hail", error.message());
}

int finish(const Globals& globals, const Status& status) {
  return status.ok() ? 0 : fail(globals, status.error());
}

int finish(const Globals& globals, const Result<int>& code) {
  return code.ok() ? *code : fail(globals, code.error());
}

}  // namespace hailstorm::cli
