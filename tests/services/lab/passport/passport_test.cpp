#include "services/lab/passport/passport.h"

#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "common/http/client.h"
#include "common/log/log.h"
#include "common/store/database.h"
#include "services/lab/passport/otlp.h"
#include "tests/support/matchers.h"
#include "tests/support/platform.h"
#include "tests/support/rides.h"
#include "tests/support/run_program.h"

namespace hailstorm::testing {
namespace {

using nlohmann::json;

constexpr const char* kTrace = "4bf92f3577b34da6a3ce929d0e0e4736";

class PassportTest : public ::testing::Test {
 protected:
  /// Asks for one ride on a lane; gives its id.
  std::string request(const std::string& path, const std::string& rider) {
    http::Client gateway({"127.0.0.1", platform_.http_port("gateway")}, 20'000);
    const auto answer =
        gateway.post(path,
                     fmt::format(R"({{"rider_id":"{}","pickup":{{"lat":40.7128,"lon":-74.006}},)"
                                 R"("dropoff":{{"lat":40.7306,"lon":-73.9866}}}})",
                                 rider),
                     {{"Idempotency-Key", rider},
                      {"traceparent", fmt::format("00-{}-00f067aa0ba902b7-01", kTrace)}});
    EXPECT_OK(answer);
    if (!answer.ok()) return "";
    const json body = json::parse(answer->body, nullptr, false);
    if (body.is_object() && body.contains("ride_id")) return body.at("ride_id");
    return events::ride_id_for(rider, rider);
  }
  [[nodiscard]] ProgramResult run(const std::string& ride_id,
                                  const std::vector<std::string>& more = {}) const {
    std::vector<std::string> all = {
        program_folder() / "hail-lab", "passport", ride_id, "--data", platform_.data(), "--broker",
        platform_.broker_url()};
    all.insert(all.end(), more.begin(), more.end());
    return run_program(all);
  }
  [[nodiscard]] json passport(const std::string& ride_id) const {
    const auto ended = run(ride_id, {"--json"});
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    return json::parse(ended.out, nullptr, false);
  }
  /// Entries that are so; an empty text is any.
  static std::vector<json> entries(const json& passport, const std::string& what,
                                   const std::string& by = "", const std::string& event = "",
                                   const std::string& lane = "") {
    std::vector<json> found;
    for (const auto& entry : passport.at("entries")) {
      const auto is = [&](const char* name, const std::string& wanted) {
        return wanted.empty() || entry.at(name) == wanted;
      };
      if (is("what", what) && is("by", by) && is("event", event) && is("lane", lane))
        found.push_back(entry);
    }
    return found;
  }
  /// The one number that a service's store has.
  std::string text(const std::string& service, const std::string& sql) const {
    const auto db = store::Database::open(platform_.data() / service / (service + ".db"),
                                          store::Database::Mode::read_only);
    std::string found;
    EXPECT_OK(db);
    if (db.ok()) EXPECT_OK((*db)->query(sql, {}, [&](const auto& row) { found = row.text(0); }));
    return found;
  }

  Platform platform_;
};

TEST_F(PassportTest, OfASettledRideHasEveryStepOfItWithItsMemberAndItsPlace) {
  const std::string id = request("/rides", "anna");
  platform_.wait_until_settled();
  const json all = passport(id);
  EXPECT_EQ(all.at("rider_id"), "anna");
  EXPECT_EQ(all.at("entries").at(0).at("what"), "accepted");
  ASSERT_EQ(entries(all, "appended", "log", "ride_requested").size(), 1u) << all.dump(1);
  EXPECT_GE(entries(all, "appended")[0].at("offset"), 0);
  for (const char* service : {"matching", "payment", "notification", "analytics"}) {
    const auto handled = entries(all, "handled", service, "ride_requested");
    ASSERT_EQ(handled.size(), 1u) << service << all.dump(1);
    EXPECT_EQ(handled[0].at("instance"), std::string(service) + "-1");
    EXPECT_GT(handled[0].at("epoch"), 0);
    EXPECT_EQ(handled[0].at("attempt"), 1);
    EXPECT_GT(handled[0].at("t_ms"), 1'700'000'000'000);
    EXPECT_FALSE(
        entries(all, service == std::string("notification") ? "message" : "effect", service)
            .empty())
        << service;
  }
  EXPECT_TRUE(all.at("notes").empty()) << all.at("notes");
  const auto table = run(id);
  EXPECT_NE(table.out.find("ride_requested-"), std::string::npos) << table.out;
}

TEST_F(PassportTest, OfAnUnknownRideSaysSo) {
  const auto ended = run("no-such-ride");
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_NE(ended.err.find("no service has a trace of a ride 'no-such-ride'"), std::string::npos)
      << ended.err;
}

TEST_F(PassportTest, OfAFolderThatIsNotThereSaysNothingOfTheRide) {
  const auto ended = run_program(
      {program_folder() / "hail-lab", "passport", "ride", "--data", platform_.data() / "nothing"});
  EXPECT_EQ(ended.exit_code, 2);
  EXPECT_EQ(ended.err.find("no service has a trace"), std::string::npos) << ended.err;
}

TEST_F(PassportTest, OfARideOnTheChainHasItsEffectsAndNoRecords) {
  const std::string id = request("/chain/rides", "carl");
  const json all = passport(id);
  EXPECT_EQ(entries(all, "accepted", "gateway", "", "chain").size(), 1u) << all.dump(1);
  EXPECT_FALSE(entries(all, "effect", "payment", "", "chain").empty()) << all.dump(1);
  EXPECT_TRUE(entries(all, "appended").empty());
}

// A service of the chain is dead: those before it have done their part, and the rider was refused.
TEST_F(PassportTest, OfAnOrphanOnTheChainShowsWhichServicesHaveTracesOfIt) {
  platform_.kill("notification");
  const std::string id = request("/chain/rides", "dora");
  const json all = passport(id);
  EXPECT_TRUE(entries(all, "accepted").empty()) << all.dump(1);
  EXPECT_FALSE(entries(all, "effect", "matching", "", "chain").empty()) << all.dump(1);
}

TEST_F(PassportTest, OfARideThatWasDeliveredAgainCountsTheSkippedDeliveries) {
  const std::string id = request("/rides", "emil");
  platform_.wait_until_settled();
  platform_.kill("payment");
  const auto admin = platform_.log().make_admin();
  std::vector<log::Position> begins;
  for (int32_t i = 0; i < 4; ++i) begins.push_back({{"ride_requested", i}, 0});
  platform_.wait_until("the offsets are reset",
                       [&] { return admin->reset_offsets("payment", begins).ok(); });
  platform_.start("payment");
  platform_.wait_until_ready("payment");
  platform_.wait_until("the delivery was skipped", [&] {
    return !entries(passport(id), "skipped", "payment", "ride_requested").empty();
  });
  EXPECT_EQ(entries(passport(id), "skipped", "payment", "ride_requested")[0].at("skipped"), 1);
}

TEST_F(PassportTest, OfAnEventThatNoServiceCouldReadHasItsDeadLetters) {
  const std::string id = request("/rides", "fred");
  platform_.wait_until_settled();
  auto stray = events::encode(event(events::RideMatched{id, "fred", "driver-1", 1, 2}));
  const auto producer = platform_.log().make_producer();
  ASSERT_OK(producer->send("ride_requested", std::move(stray), nullptr));
  ASSERT_OK(producer->flush(10'000));
  platform_.wait_until("all four have refused it",
                       [&] { return entries(passport(id), "dead letter").size() == 4; });
}

// No index leads into the ledger by ride: a row of long ago is not looked for.
TEST_F(PassportTest, OfARideOfLongAgoSaysWhichRowsWereNotLookedAt) {
  const std::string id = request("/rides", "hans");
  platform_.wait_until_settled();
  const auto before = passport(id);
  platform_.kill("payment");
  {
    const auto db = store::Database::open(platform_.data() / "payment" / "payment.db");
    ASSERT_OK(db);
    ASSERT_OK(
        (*db)->run("INSERT INTO ledger(id, lane, ride_id, entry, account, amount_cents) "
                   "SELECT max(id)+500000, 'log', 'another', 'hold', 'riders', 1 FROM ledger"));
  }
  const auto after = passport(id);
  EXPECT_LT(entries(after, "effect", "payment").size(),
            entries(before, "effect", "payment").size());
  ASSERT_EQ(after.at("notes").size(), 1u) << after.at("notes");
  EXPECT_EQ(after.at("notes").at(0),
            "of payment's table ledger only the newest 500000 rows were looked at");
}

TEST_F(PassportTest, AsATraceHasTheRidersTraceIdAndSpansBelowOneAnother) {
  const std::string id = request("/rides", "gita");
  platform_.wait_until_settled();
  const TempFolder folder;
  const std::string file = folder.path() / "trace.json";
  ASSERT_EQ(run(id, {"--otlp", file}).exit_code, 0);
  const json trace = json::parse(read_text(file), nullptr, false);
  std::map<std::string, json> spans;
  std::set<std::string> services;
  for (const auto& resource : trace.at("resourceSpans")) {
    services.insert(resource.at("resource").at("attributes").at(0).at("value").at("stringValue"));
    for (const auto& span : resource.at("scopeSpans").at(0).at("spans")) {
      EXPECT_EQ(span.at("traceId"), kTrace);
      EXPECT_EQ(span.at("spanId").get<std::string>().size(), 16u);
      EXPECT_TRUE(spans.emplace(span.at("spanId"), span).second) << "an id is used twice";
      EXPECT_LT(std::stoll(span.at("startTimeUnixNano").get<std::string>()),
                std::stoll(span.at("endTimeUnixNano").get<std::string>()));
    }
  }
  EXPECT_GE(spans.size(), 15u);
  for (const char* service : {"gateway", "matching", "payment", "notification", "analytics"})
    EXPECT_TRUE(services.contains(service)) << service;
  int roots = 0;
  for (const auto& [span_id, span] : spans) {
    const std::string parent = span.at("parentSpanId");
    if (span.at("name") == "message ride_matched") {
      EXPECT_EQ(spans.at(parent).at("name"), "handled ride_matched");
    }
    if (!spans.contains(parent)) {
      EXPECT_EQ(parent, "00f067aa0ba902b7") << "the rider's own span";
      ++roots;
    }
  }
  EXPECT_EQ(roots, 1);
}

}  // namespace
}  // namespace hailstorm::testing
