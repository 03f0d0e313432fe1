#include "common/service/chain_hop.h"

#include <fmt/format.h>
#include <utility>

#include "common/base/clock.h"
#include "common/base/logging.h"

namespace hailstorm::service {
namespace {

constexpr const char* kPath = "/chain/rides";
constexpr const char* kFailedHop = "failed_hop";

}  // namespace

void ChainSettings::add_to(Options& options, const std::string& next_name,
                           int64_t default_next_port) {
  next = fmt::format("http://127.0.0.1:{}", default_next_port);
  options.add_address("next", next, "http", next_name + "'s address, the coupled lane's next hop");
  options.add("chain-timeout-ms", timeout_ms, {1, 600'000, "ms"},
              "how long a call to the next hop may take");
  options.add("chain-retries", retries, {0, 100, "calls"},
              "calls to the next hop after the first that failed");
}

Result<std::unique_ptr<NextHop>> NextHop::make(const std::string& name,
                                               const ChainSettings& settings) {
  HAIL_ASSIGN_OR_RETURN(const auto address, http::parse_address(settings.next));
  return std::unique_ptr<NextHop>(new NextHop(name, address, settings));
}

NextHop::NextHop(std::string name, const Address& address, const ChainSettings& settings)
    : name_(std::move(name)),
      retries_(settings.retries),
      client_(address, static_cast<int>(settings.timeout_ms)) {}

http::Response NextHop::call(const std::string& body, const std::string& traceparent) {
  http::Headers headers;
  if (!traceparent.empty()) headers["traceparent"] = traceparent;
  for (int64_t attempt = 0;; ++attempt) {
    auto answer = client_.post(kPath, body, headers);
    const bool failed = !answer.ok() || answer->status >= 500;
    if (failed && attempt < retries_) continue;
    if (answer.ok()) return std::move(answer).value();
    const int status = answer.error().is(http::HttpErrc::timeout) ? 504 : 502;
    return http::problem(status, name_ + " did not answer: " + answer.error().message(),
                         {{kFailedHop, name_}});
  }
}

ChainHop::ChainHop(Service& service, ChainStep& step, std::unique_ptr<NextHop> next)
    : service_(service), step_(step), next_(std::move(next)) {}

void ChainHop::add_route(http::Server& server, const std::string& service_name) {
  name_ = service_name;
  server.route("POST", kPath, [this](const http::Request& request) { return handle(request); });
}

http::Response ChainHop::failed_here(const Error& error) const {
  log_warn("the coupled lane failed here", {error});
  return http::problem(500, name_ + " could not do its part", {{kFailedHop, name_}});
}

http::Response ChainHop::handle(const http::Request& request) {
  auto ride = chain_ride_from(request.body, SystemClock().wall_ms());
  if (!ride.ok()) {
    return http::problem(422, ride.error().message(), {{kFailedHop, name_}});
  }
  const Status applied = service_.transact(
      [&](store::Database& db, Effects&) -> Status { return step_.apply(*ride, db); });
  if (!applied.ok()) return failed_here(applied.error());
  return go_on(std::move(ride).value(), request.header("traceparent").value_or(""));
}

http::Response ChainHop::go_on(ChainRide ride, const std::string& traceparent) {
  http::Response answer;
  answer.body = to_json(ride);
  if (!next_) return answer;
  answer = next_->call(answer.body, traceparent);
  const Status settled = service_.transact([&](store::Database& db, Effects&) -> Status {
    if (!succeeded(answer)) return step_.undo(ride, db);
    HAIL_ASSIGN_OR_RETURN(const ChainRide complete,
                          chain_ride_from(answer.body, SystemClock().wall_ms()));
    return step_.conclude(complete, db);
  });
  if (!settled.ok()) return failed_here(settled.error());
  return answer;
}

}  // namespace hailstorm::service
