#include <chrono>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>

#include "common/log/log.h"
#include "common/store/database.h"
#include "tests/support/await.h"
#include "tests/support/broker_process.h"
#include "tests/support/matchers.h"
#include "tests/support/pace.h"
#include "tests/support/rides.h"

namespace hailstorm::testing {
namespace {

using nlohmann::json;

constexpr int kRides = 120;
constexpr int kBadRides = 30;
constexpr size_t kLargeBytes = 100'000;  // a letter keeps far less

/// A real service with a bug, which may be killed and mended.
class Picky {
 public:
  Picky(std::string group, const BrokerProcess& broker)
      : group_(std::move(group)), broker_(broker.url()) {}

  void start(bool is_mended) {
    std::vector<std::string> arguments = {program_folder() / "hail-picky",
                                          "--group",
                                          group_,
                                          "--data",
                                          folder_.path() / "data",
                                          "--broker",
                                          broker_,
                                          "--instance-id",
                                          group_ + "-1",
                                          "--session-timeout-ms",
                                          "1500"};
    if (is_mended) arguments.emplace_back("--mended");
    child_ = Child(arguments, {.err = folder_.path() / "err"});
  }
  void kill() { child_.kill(); }
  [[nodiscard]] int64_t number(const std::string& sql) const {
    const auto db = store::Database::open(folder_.path() / "data" / (group_ + ".db"),
                                          store::Database::Mode::read_only);
    int64_t number = -1;
    if (db.ok()) {
      (void)(*db)->query(sql, {}, [&](const store::Row& row) { number = row.integer(0); });
    }
    return number;
  }
  [[nodiscard]] int64_t effects() const { return number("SELECT count(*) FROM effects"); }
  /// Each effect that is there more than once.
  [[nodiscard]] int64_t doubled() const {
    return number(
        "SELECT count(*) FROM (SELECT 1 FROM effects GROUP BY ride_id HAVING count(*)>1)");
  }

 private:
  const std::string group_;
  const std::string broker_;
  const TempFolder folder_;
  Child child_;
};

class DeadLettersTest : public ::testing::Test {
 protected:
  DeadLettersTest() : engine_(log::open(broker_.url()).value()) {}

  /// Rides of which some are of riders that the service refuses; one of those is large.
  void publish_rides() {
    ASSERT_OK(engine_->make_admin(20'000)->create_topic("ride_requested", {}));
    const auto producer = engine_->make_producer();
    for (int i = 0; i < kRides; ++i) {
      auto one = ride("r" + std::to_string(i));
      if (i % (kRides / kBadRides) == 0) one.rider_id = "bad-" + one.rider_id;
      auto record = events::encode(event(one));
      if (i == 0) record.value->insert(1, "\"note\":\"" + std::string(kLargeBytes, 'x') + "\",");
      ASSERT_OK(producer->send("ride_requested", std::move(record), nullptr));
    }
    ASSERT_OK(producer->flush(20'000));
  }
  [[nodiscard]] std::vector<std::string> command(std::vector<std::string> more) const {
    std::vector<std::string> all = {program_folder() / "hail-lab", "dead-letters", "--broker",
                                    broker_.url()};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  [[nodiscard]] ProgramResult run(const std::vector<std::string>& more) const {
    return run_program(command(more));
  }
  [[nodiscard]] std::vector<json> letters() const {
    const auto listed = run({"--json", "list"});
    EXPECT_EQ(listed.exit_code, 0) << listed.err;
    const json answer = json::parse(listed.out, nullptr, false);
    if (!answer.is_object()) return {};
    return answer.at("dead_letters").get<std::vector<json>>();
  }
  void wait_for_letters(size_t count) {
    ASSERT_TRUE(await([&] { return letters().size() == count; })) << letters().size();
  }

  BrokerProcess broker_;
  std::unique_ptr<log::Engine> engine_;
  Picky picky_{"picky", broker_};
  Picky calm_{"calm", broker_};
};

TEST_F(DeadLettersTest, AreListedAndShownWithWhatTheyAreOf) {
  picky_.start(false);
  publish_rides();
  wait_for_letters(kBadRides);
  const json first = letters().at(0);
  EXPECT_EQ(first.at("group"), "picky");
  EXPECT_EQ(first.at("error"), "this program cannot handle such a rider");
  EXPECT_EQ(first.at("attempts"), 1);
  const auto listed = run({"list"});
  EXPECT_NE(listed.out.find(first.at("id")), std::string::npos) << listed.out;
  const auto shown = run({"show", first.at("id")});
  EXPECT_EQ(shown.exit_code, 0) << shown.err;
  EXPECT_NE(shown.out.find(first.at("event_id")), std::string::npos) << shown.out;
}

TEST_F(DeadLettersTest, OfABadIdOrAnUnknownOneTheCommandSaysSo) {
  EXPECT_EQ(run({"show", "rubbish"}).exit_code, 2);
  const auto unknown = run({"replay", "dead_letter/0/77"});
  EXPECT_EQ(unknown.exit_code, 1);
  EXPECT_NE(unknown.err.find("there is no dead letter dead_letter/0/77"), std::string::npos)
      << unknown.err;
  EXPECT_EQ(run({"replay"}).exit_code, 2);
}

// Replayed twice at once, while broker and service are killed again and again.
TEST_F(DeadLettersTest, ReplayedTwiceUnderKillsTakeEffectOnceInTheOneGroupThatRefusedThem) {
  picky_.start(false);
  calm_.start(true);
  publish_rides();
  wait_for_letters(kBadRides);
  ASSERT_TRUE(await([&] { return calm_.effects() == kRides; }));
  ASSERT_TRUE(await([&] { return picky_.effects() == kRides - kBadRides; }));
  const int64_t calm_inbox = calm_.number("SELECT count(*) FROM inbox");
  picky_.kill();
  picky_.start(true);

  const TempFolder out;
  Child first(command({"replay", "--all"}), {.out = out.path() / "1", .err = out.path() / "1e"});
  Child second(command({"replay", "--all"}), {.out = out.path() / "2", .err = out.path() / "2e"});
  std::mt19937_64 random(7);
  for (int i = 0; i < 4; ++i) {
    pace(std::chrono::milliseconds(random() % 100));
    picky_.kill();
    if (i % 2 == 1) {
      broker_.kill();
      broker_.start();
    }
    picky_.start(true);
  }
  // What a kill of the broker has cut short is asked for again.
  (void)first.wait();
  (void)second.wait();
  ASSERT_TRUE(await([&] {
    return run({"replay", "--all"}).exit_code == 0;
  })) << read_text(out.path() / "1e")
      << read_text(out.path() / "2e");
  EXPECT_TRUE(await([&] { return picky_.effects() == kRides; })) << picky_.effects();
  for (const auto& letter : letters()) EXPECT_EQ(letter.at("replayed"), true) << letter;

  // Once more by name: everybody has read that far when the group's lag is 0.
  ASSERT_EQ(run({"replay", letters().at(0).at("id")}).exit_code, 0);
  const auto admin = engine_->make_admin(20'000);
  for (const char* group : {"picky", "calm"}) {
    ASSERT_TRUE(await([&] {
      const auto described = admin->describe_group(group);
      if (!described.ok()) return false;
      int64_t lag = 0;
      for (const auto& partition : described->partitions) lag += partition.lag;
      return lag == 0;
    })) << group;
  }
  EXPECT_EQ(picky_.effects(), kRides);
  EXPECT_EQ(picky_.doubled(), 0);
  EXPECT_EQ(calm_.effects(), kRides);
  EXPECT_EQ(calm_.number("SELECT count(*) FROM inbox"), calm_inbox) << "it passed every replay";
}

TEST_F(DeadLettersTest, ThatFailAgainAreDeadLettersAgainUntilTheProgramIsMended) {
  picky_.start(false);
  publish_rides();
  wait_for_letters(kBadRides);
  ASSERT_EQ(run({"replay", "--all"}).exit_code, 0);
  wait_for_letters(2 * kBadRides);
  EXPECT_EQ(letters().back().at("attempts"), 2);
  picky_.kill();
  picky_.start(true);
  const auto replayed = run({"replay", "--all"});
  EXPECT_NE(replayed.out.find(fmt::format("{} replayed", kBadRides)), std::string::npos)
      << "each once: " << replayed.out;
  EXPECT_TRUE(await([&] { return picky_.effects() == kRides; })) << picky_.effects();
  EXPECT_EQ(picky_.doubled(), 0);
}

// The topic was made again: at the letter's place lies something else, or nothing.
TEST_F(DeadLettersTest, OfWhichTheLogHasNoRecordAnyMoreAreNotReplayed) {
  picky_.start(false);
  publish_rides();
  wait_for_letters(kBadRides);
  picky_.kill();
  const auto admin = engine_->make_admin(20'000);
  ASSERT_OK(admin->delete_topic("ride_requested"));
  ASSERT_OK(admin->create_topic("ride_requested", {}));
  const auto replayed = run({"replay", "--all"});
  EXPECT_EQ(replayed.exit_code, 1);
  EXPECT_NE(replayed.out.find("the log has no longer what was at"), std::string::npos)
      << replayed.out;
  EXPECT_NE(replayed.out.find("\n0 replayed"), std::string::npos) << replayed.out;
}

}  // namespace
}  // namespace hailstorm::testing
