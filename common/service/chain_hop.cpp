#include "common/service/chain_hop.h"

#include <filesystem>
#include <fmt/format.h>
#include <utility>

#include "common/base/logging.h"
#include "common/base/token_file.h"
#include "common/http/bearer.h"

namespace hailstorm::service {
namespace {

constexpr const char* kPath = "/chain/rides";
constexpr const char* kFailedHop = "failed_hop";
constexpr const char* kTokenFile = "chain-token";

}  // namespace

void ChainTokenSettings::add_to(Options& options) {
  options.add("chain-token-file", file,
              "file of the token that the coupled lane's hop before this one must show; made if "
              "missing; by default chain-token in the data folder");
}

Result<std::string> ChainTokenSettings::open(const std::string& data) const {
  if (!file.empty()) return read_or_make_token(file);
  return read_or_make_token(std::filesystem::path(data) / kTokenFile);
}

void ChainSettings::add_to(Options& options, const std::string& next_name,
                           int64_t default_next_port) {
  next = fmt::format("http://127.0.0.1:{}", default_next_port);
  options.add_address("next", next, "http", next_name + "'s address, the coupled lane's next hop");
  options.add("next-token-file", token_file,
              fmt::format("file of the token that {} wants to see; by default chain-token in the "
                          "folder {} beside this one's",
                          next_name, next_name));
  options.add("chain-timeout-ms", timeout_ms, {1, 600'000, "ms"},
              "how long a call to the next hop may take");
  options.add("chain-retries", retries, {0, 100, "calls"},
              "calls to the next hop after the first that failed");
}

std::string ChainSettings::next_token_file(const std::string& next_name,
                                           const std::string& data) const {
  if (!token_file.empty()) return token_file;
  const auto folder_of_all = std::filesystem::absolute(std::filesystem::path(data) / "..");
  return folder_of_all.lexically_normal() / next_name / kTokenFile;
}

Result<std::unique_ptr<NextHop>> NextHop::make(const std::string& name,
                                               const ChainSettings& settings,
                                               const std::string& data) {
  HAIL_ASSIGN_OR_RETURN(const auto address, http::parse_address(settings.next));
  return std::unique_ptr<NextHop>(
      new NextHop(name, address, settings, settings.next_token_file(name, data)));
}

NextHop::NextHop(std::string name, const Address& address, const ChainSettings& settings,
                 std::string token_file)
    : name_(std::move(name)),
      token_file_(std::move(token_file)),
      retries_(settings.retries),
      client_(address, static_cast<int>(settings.timeout_ms)) {}

http::Response NextHop::failed(int status, const std::string& why) const {
  return http::problem(status, why, {{kFailedHop, name_}});
}

http::Response NextHop::call(const std::string& body, const std::string& traceparent) {
  // Read each time: the next hop may have been made again, with another token.
  const auto token = read_token(token_file_);
  if (!token.ok()) {
    log_warn("the coupled lane's next hop cannot be called", {{"next", name_}, token.error()});
    return failed(502, "there is no token to show to " + name_);
  }
  http::Headers headers = {{"Authorization", "Bearer " + *token}};
  if (!traceparent.empty()) headers["traceparent"] = traceparent;
  for (int64_t attempt = 0;; ++attempt) {
    auto answer = client_.post(kPath, body, headers);
    const bool is_down = !answer.ok() || answer->status >= 500;
    if (is_down && attempt < retries_) continue;
    if (!answer.ok()) {
      return failed(answer.error().is(http::HttpErrc::timeout) ? 504 : 502,
                    name_ + " did not answer: " + answer.error().message());
    }
    // A wrong token is no fault of the rider.
    if (answer->status == 401) return failed(502, name_ + " wants to see another token");
    return std::move(answer).value();
  }
}

ChainHop::ChainHop(Service& service, ChainStep& step, std::unique_ptr<NextHop> next)
    : service_(service), step_(step), next_(std::move(next)) {}

void ChainHop::add_route(http::Server& server, const std::string& service_name,
                         const std::string& token) {
  name_ = service_name;
  server.route("POST", kPath,
               http::with_bearer(token, "the chain to " + service_name,
                                 [this](const auto& request) { return handle(request); }));
}

http::Response ChainHop::failed_here(const Error& error) const {
  log_warn("the coupled lane failed here", {error});
  return http::problem(500, name_ + " could not do its part", {{kFailedHop, name_}});
}

http::Response ChainHop::handle(const http::Request& request) {
  auto ride = chain_ride_from(request.body, service_.clock().wall_ms());
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
                          chain_ride_from(answer.body, service_.clock().wall_ms()));
    return step_.conclude(complete, db);
  });
  if (!settled.ok()) return failed_here(settled.error());
  return answer;
}

}  // namespace hailstorm::service
