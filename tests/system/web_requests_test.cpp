#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/await.h"
#include "tests/support/broker_process.h"
#include "tests/support/matchers.h"
#include "tests/support/platform.h"
#include "tests/support/raw_client.h"

namespace hailstorm::testing {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kRide =
    R"({"rider_id":"rider-1","pickup":{"lat":40.75,"lon":-73.99},)"
    R"("dropoff":{"lat":40.76,"lon":-73.97},"requested_at":"2014-04-01T07:00:00Z"})";
constexpr const char* kHops[] = {"matching", "payment", "notification", "analytics"};
constexpr const char* kToken = "a-token-of-enough-characters";

/// One ride as the hop before sends it.
json chain_ride(const std::string& id) {
  json ride = json::parse(kRide);
  ride["ride_id"] = id;
  return {{"ride_requested", ride},
          {"matching",
           {{"type", "ride_matched"},
            {"ride_id", id},
            {"rider_id", "rider-1"},
            {"driver_id", "driver-1"},
            {"pickup_at", "2014-04-01T07:05:00Z"},
            {"dropoff_at", "2014-04-01T07:15:00Z"}}},
          {"payment",
           {{"type", "payment_authorized"},
            {"ride_id", id},
            {"rider_id", "rider-1"},
            {"hold_id", "hold-1"},
            {"amount_cents", 1500}}}};
}

/// A route that changes something.
struct Door {
  std::string name;
  int port = 0;
  std::string method;
  std::string path;
  std::string body;
  int status = 0;  // of a request with which nothing is wrong, but which has no token
};

int status_of(const std::string& answer) {
  return answer.size() < 12 ? 0 : std::stoi(answer.substr(9, 3));
}

/// `headers`: whole lines, "Host" too.
std::string send(const Door& door, const std::vector<std::string>& headers,
                 const std::string& method) {
  std::string bytes = method + " " + door.path + " HTTP/1.1\r\n";
  for (const auto& header : headers) bytes += header + "\r\n";
  bytes += "Content-Length: " + std::to_string(door.body.size()) + "\r\nConnection: close\r\n\r\n";
  return answer_to(door.port, bytes + door.body);
}
std::string send(const Door& door, const std::vector<std::string>& headers) {
  return send(door, headers, door.method);
}

/// Every program of a running platform, as what a browser sends reaches it.
class WebRequestsTest : public ::testing::Test {
 protected:
  WebRequestsTest() {
    std::ofstream(token_file_) << kToken << "\n";
    agent_ = Child({program_folder() / "hail-lab", "agent", "--port", std::to_string(agent_port_),
                    "--token-file", token_file_, "--logs", platform_.data()});
    HAIL_CHECK(await([this] { return RawClient(agent_port_).is_connected(); }));
  }

  [[nodiscard]] std::vector<Door> doors() const {
    const int gateway = platform_.http_port("gateway");
    std::vector<Door> all = {{"gateway", gateway, "POST", "/rides", kRide, 202},
                             {"gateway's chain", gateway, "POST", "/chain/rides", kRide, 200}};
    for (const char* hop : kHops) all.push_back(door_of(hop, chain_ride("forged")));
    const std::string argv = (program_folder() / "hail-traffic").string();
    all.push_back({"agent starts", agent_port_, "PUT", "/processes/forged",
                   R"({"argv":[")" + argv + R"("]})", 401});
    for (const char* verb : {"start", "kill", "freeze", "thaw", "terminate"}) {
      all.push_back({std::string("agent: ") + verb, agent_port_, "POST",
                     std::string("/processes/forged/") + verb, "{}", 401});
    }
    return all;
  }
  [[nodiscard]] Door door_of(const std::string& hop, const json& ride) const {
    return {hop, platform_.http_port(hop), "POST", "/chain/rides", ride.dump(), 401};
  }
  [[nodiscard]] std::string token_of(const std::string& hop) const {
    std::ifstream file(platform_.data() / hop / "chain-token");
    std::string token;
    std::getline(file, token);
    return token;
  }
  [[nodiscard]] int64_t rides() const {
    return platform_.number("gateway", "SELECT count(*) FROM rides");
  }
  /// What the services did for the ride that only requests to the hops name.
  [[nodiscard]] int64_t effects_of_forged() const {
    const auto count = [this](const char* service, const char* table) {
      return platform_.number(
          service, std::string("SELECT count(*) FROM ") + table + " WHERE ride_id='forged'");
    };
    return count("matching", "matches") + count("payment", "payments") +
           count("payment", "ledger") + count("notification", "messages") +
           count("analytics", "counted");
  }

  Platform platform_;
  const std::string token_file_ = platform_.data() / "token";
  const int agent_port_ = free_port();
  Child agent_;
};

/// What must not pass, and how it is refused.
struct Case {
  int status = 0;
  std::vector<std::string> headers;
};

std::vector<Case> refused_cases(int port) {
  const std::string host = "Host: localhost:" + std::to_string(port);
  const std::string type = "Content-Type: application/json";
  std::vector<Case> all = {{400, {type}}, {400, {host, "Host: evil.example", type}}};
  for (const char* name : {"evil.example", "localhost.evil.example", "127.0.0.1.evil.example"}) {
    all.push_back({421, {std::string("Host: ") + name, type}});
    all.push_back({421, {std::string("Host: ") + name + ":" + std::to_string(port), type}});
  }
  for (const char* origin : {"http://evil.example", "null", "https://localhost", "file://",
                             "http://localhost:1", "chrome-extension://abc"}) {
    all.push_back({403, {host, type, std::string("Origin: ") + origin}});
  }
  for (const char* site : {"cross-site", "same-site", "none"}) {
    all.push_back({403, {host, type, std::string("Sec-Fetch-Site: ") + site}});
  }
  for (const char* other :
       {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
        "text/plain; application/json", "application/json-patch+json", "application/jsonx", ""}) {
    all.push_back({415, {host, std::string("Content-Type: ") + other}});
  }
  all.push_back({415, {host}});
  return all;
}

TEST_F(WebRequestsTest, NoDoorOpensForWhatAPageOfAnotherSiteCanSend) {
  for (const Door& door : doors()) {
    for (const Case& one : refused_cases(door.port)) {
      const std::string answer = send(door, one.headers);
      EXPECT_EQ(status_of(answer), one.status)
          << door.name << ": " << ::testing::PrintToString(one.headers) << "\n"
          << answer;
      EXPECT_THAT(answer, HasSubstr("application/problem+json"));
    }
  }
  EXPECT_EQ(rides(), 0);
  EXPECT_EQ(effects_of_forged(), 0);
}

TEST_F(WebRequestsTest, NoDoorSaysThatOtherSitesMayAsk) {
  for (const Door& door : doors()) {
    const std::string host = "Host: localhost:" + std::to_string(door.port);
    const std::string answer =
        send(door,
             {host, "Origin: http://evil.example", "Access-Control-Request-Method: " + door.method,
              "Access-Control-Request-Headers: authorization,content-type",
              "Access-Control-Request-Private-Network: true"},
             "OPTIONS");
    EXPECT_THAT(answer, Not(HasSubstr("Access-Control"))) << door.name;
    EXPECT_THAT(answer, Not(HasSubstr("access-control"))) << door.name;
  }
}

TEST_F(WebRequestsTest, EachDoorOpensForAPlainClientAndItsOwnPage) {
  for (const Door& door : doors()) {
    const std::string host = "Host: localhost:" + std::to_string(door.port);
    const std::string type = "Content-Type: application/json; charset=utf-8";
    const std::string origin = "Origin: http://localhost:" + std::to_string(door.port);
    EXPECT_EQ(status_of(send(door, {host, type})), door.status) << door.name;
    EXPECT_EQ(status_of(send(door, {host, type, origin, "Sec-Fetch-Site: same-origin"})),
              door.status)
        << door.name;
  }
  EXPECT_EQ(rides(), 4);
  EXPECT_EQ(effects_of_forged(), 0);
}

TEST_F(WebRequestsTest, AHopTakesRidesOnlyFromTheOneBefore) {
  const std::vector<std::string> plain = {"Host: localhost", "Content-Type: application/json"};
  for (const char* hop : kHops) {
    const Door door = door_of(hop, chain_ride("forged"));
    std::vector<std::string> shown = {"",
                                      "Bearer ",
                                      "Bearer 0000000000000000",
                                      "Basic " + token_of(hop),
                                      token_of(hop),
                                      "Bearer " + token_of(hop) + "0"};
    for (const char* other : kHops) {
      if (std::string(other) != hop) shown.push_back("Bearer " + token_of(other));
    }
    for (const auto& authorization : shown) {
      auto headers = plain;
      headers.push_back("Authorization: " + authorization);
      const std::string answer = send(door, headers);
      EXPECT_EQ(status_of(answer), 401) << hop << " " << authorization;
      EXPECT_THAT(answer, HasSubstr("WWW-Authenticate: Bearer")) << hop;
    }
    EXPECT_EQ(effects_of_forged(), 0) << hop;
  }
}

TEST_F(WebRequestsTest, EvenFromTheHopBeforeAValueOutOfItsRangeIsRefused) {
  const std::vector<std::pair<const char*, json>> wrong = {
      {"/payment/amount_cents", std::numeric_limits<int64_t>::min()},
      {"/payment/amount_cents", -1},
      {"/ride_requested/pickup/lat", 1e308},
      {"/ride_requested/dropoff/lon", -1e308},
      {"/ride_requested/rider_id", std::string(60'000, 'x')},
      {"/payment/hold_id", std::string(60'000, 'x')},
      {"/matching/driver_id", std::string(60'000, 'x')},
      {"/matching/dropoff_at", "2200-01-01T00:00:00Z"},
      {"/ride_requested/requested_at", "2100-01-01T00:00:00Z"}};
  for (const char* hop : kHops) {
    for (const auto& [path, value] : wrong) {
      json ride = chain_ride("forged");
      ride[json::json_pointer(path)] = value;
      const std::string answer =
          send(door_of(hop, ride), {"Host: localhost", "Content-Type: application/json",
                                    "Authorization: Bearer " + token_of(hop)});
      EXPECT_EQ(status_of(answer), 422) << hop << " " << path << "\n" << answer;
    }
  }
  EXPECT_EQ(effects_of_forged(), 0);
}

TEST_F(WebRequestsTest, TheAgentStartsNoShellAndWritesNoFileOfOthers) {
  const std::string traffic = program_folder() / "hail-traffic";
  const std::vector<json> bodies = {
      {{"argv", {"/bin/sh", "-c", "exec sleep 1000"}}},
      {{"argv",
        {program_folder() / "hail-lab", "agent", "--token-file", token_file_, "--hold", "x", "--",
         "/bin/sh"}}},
      {{"argv", {traffic, "--help"}}, {"env", {{"LD_PRELOAD", "/tmp/x.so"}}}},
      {{"argv", {traffic, "--help"}}, {"log", "/tmp/hailstorm-forged"}},
      {{"argv", {traffic, "--help"}}, {"log", platform_.data() / ".." / "hailstorm-forged"}}};
  Door door{"agent", agent_port_, "PUT", "/processes/forged", "", 0};
  const std::vector<std::string> headers = {"Host: localhost", "Content-Type: application/json",
                                            std::string("Authorization: Bearer ") + kToken};
  for (const json& body : bodies) {
    door.body = body.dump();
    const std::string answer = send(door, headers);
    EXPECT_EQ(status_of(answer), 422) << body << "\n" << answer;
  }
  EXPECT_FALSE(std::filesystem::exists("/tmp/hailstorm-forged"));
  door.body = json{{"argv", {traffic, "--help"}}, {"log", platform_.data() / "riders.log"}}.dump();
  EXPECT_EQ(status_of(send(door, headers)), 200);
  EXPECT_TRUE(await([this] { return !read_text(platform_.data() / "riders.log").empty(); }));
}

}  // namespace
}  // namespace hailstorm::testing
