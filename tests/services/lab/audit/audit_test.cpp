#include "services/lab/audit/audit.h"

#include <fmt/format.h>
#include <fstream>
#include <map>

#include "common/base/text.h"
#include "common/json/json.h"
#include "common/store/database.h"
#include "common/wire/partitioner.h"
#include "common/wire/record_batch.h"
#include "common/wire/record_batch_format.h"
#include "services/lab/audit/answers.h"
#include "services/lab/audit/audit_text.h"
#include "tests/support/lying_batches.h"
#include "tests/support/matchers.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::lab {
namespace {

namespace fs = std::filesystem;

/// A data folder written by hand, as the platform would leave it.
struct AuditTest : ::testing::Test {
  testing::TempFolder folder;
  const fs::path data = folder.path();

  void SetUp() override {
    store("gateway", "CREATE TABLE rides(lane, ride_id, rider_id)");
    store(
        "matching",
        "CREATE TABLE matches(id INTEGER PRIMARY KEY, lane, ride_id, outcome, driver_id, from_ms, "
        "until_ms, released DEFAULT 0, reason)");
    store("payment",
          "CREATE TABLE payments(id INTEGER PRIMARY KEY, lane, ride_id, outcome, amount_cents, "
          "hold_id, status, reason)");
    store(
        "payment",
        "CREATE TABLE ledger(id INTEGER PRIMARY KEY, lane, ride_id, entry, account, amount_cents)");
    store("notification", "CREATE TABLE messages(id INTEGER PRIMARY KEY, lane, ride_id, kind)");
    store("analytics", "CREATE TABLE counted(id INTEGER PRIMARY KEY, lane, ride_id, kind)");
    fs::create_directories(data / "broker");
    fs::create_directories(data / "traffic");
  }

  void store(const std::string& service, const std::string& sql) {
    fs::create_directories(data / service);
    auto db = store::Database::open(data / service / (service + ".db"));
    ASSERT_OK(db);
    ASSERT_OK((*db)->run(sql));
  }

  void answer_rider(const std::string& lane, const std::string& ride, int status,
                    int64_t sent_at_ms = 0) {
    std::ofstream(data / "traffic" / "act.jsonl", std::ios::app)
        << fmt::format(
               R"({{"lane":"{}","ride_id":"{}","status":{},"latency_ms":1.5,"sent_at_ms":{}}})",
               lane, ride, status, sent_at_ms)
        << '\n';
  }

  /// As services keep them, beside their own tables.
  void create_inboxes_and_outboxes() {
    for (const char* service : {"gateway", "matching", "payment", "notification", "analytics"}) {
      store(service, "CREATE TABLE outbox(headers)");
      store(service, "CREATE TABLE inbox(event_id)");
    }
  }

  void publish(const std::string& topic, const std::string& ride) {
    const std::string key = "rider-" + ride;
    const int32_t partition = wire::partition_for_key(key, 4);
    for (int32_t i = 0; i < 4; ++i) {
      fs::create_directories(data / "broker" / fmt::format("{}-{}", topic, i));
    }
    const fs::path file =
        data / "broker" / fmt::format("{}-{}", topic, partition) / "00000000000000000000.log";
    append(file, key, ride + "/" + topic, next_offset[file]++);
  }

  void append(const fs::path& file, const std::string& key, const std::string& id, int64_t offset);

  void take_a_drive(const std::string& lane, const std::string& ride, const std::string& driver,
                    int64_t from_ms, int64_t until_ms) {
    store("matching", fmt::format("INSERT INTO matches(lane, ride_id, outcome, driver_id, from_ms, "
                                  "until_ms) VALUES('{}', '{}', 'matched', '{}', {}, {})",
                                  lane, ride, driver, from_ms, until_ms));
  }
  void pay(const std::string& lane, const std::string& ride) {
    store("payment",
          fmt::format("INSERT INTO payments(lane, ride_id, outcome, amount_cents, status) "
                      "VALUES('{}', '{}', 'authorized', 900, 'held')",
                      lane, ride));
    for (const int cents : {-900, 900}) {
      store("payment", fmt::format("INSERT INTO ledger(lane, ride_id, entry, amount_cents) "
                                   "VALUES('{}', '{}', 'hold', {})",
                                   lane, ride, cents));
    }
  }
  void message_and_count(const std::string& lane, const std::string& ride,
                         const std::string& kind) {
    const std::string values =
        fmt::format("(lane, ride_id, kind) VALUES('{}', '{}', '{}')", lane, ride, kind);
    store("notification", "INSERT INTO messages" + values);
    store("analytics", "INSERT INTO counted" + values);
  }

  void settled_ride(const std::string& ride) {
    answer_rider("log", ride, 202);
    take_a_drive("log", ride, "driver-of-" + ride, 0, 1000);
    pay("log", ride);
    for (const char* kind : {"ride_requested", "ride_matched", "payment_authorized"}) {
      publish(kind, ride);
      message_and_count("log", ride, kind);
    }
  }

  AuditReport audited() {
    auto report = audit(data);
    EXPECT_OK(report);
    return report.ok() ? std::move(*report) : AuditReport{};
  }

  std::map<fs::path, int64_t> next_offset;
};

void AuditTest::append(const fs::path& file, const std::string& key, const std::string& id,
                       int64_t offset) {
  wire::RecordBatchBuilder builder;
  const wire::RecordHeaderView header{"ce_id", id};
  builder.append(0, key, "{}", {&header, 1});
  const auto batch = builder.finish(offset);
  std::ofstream out(file, std::ios::app | std::ios::binary);
  out.write(reinterpret_cast<const char*>(batch.data()),
            static_cast<std::streamsize>(batch.size()));
}

TEST_F(AuditTest, SettledRideIsClean) {
  settled_ride("a");
  const AuditReport report = audited();
  EXPECT_EQ(report.log.requested, 1);
  EXPECT_EQ(report.log.accepted, 1);
  EXPECT_EQ(report.log.settled, 1) << to_text(report);
  EXPECT_TRUE(report.clean()) << to_text(report);
  EXPECT_EQ(report.log_files.records, 3);
}

TEST_F(AuditTest, WhileThePlatformRunsARideOnItsWayIsNotLost) {
  create_inboxes_and_outboxes();
  settled_ride("a");
  answer_rider("log", "waits", 202, 1'000);
  publish("ride_requested", "waits");
  answer_rider("log", "later", 202, 3'000);
  take_a_drive("chain", "answered later", "driver-1", 0, 1'000);
  answer_rider("chain", "answered later", 201, 3'000);
  take_a_drive("chain", "not answered yet", "driver-2", 0, 1'000);
  take_a_drive("log", "not answered yet", "driver-3", 0, 1'000);
  publish("ride_requested", "not answered yet");
  EXPECT_EQ(audited().log.lost, 2) << "nothing runs: nobody will apply what waits";

  const auto report = audit(data, Riders::recorded, 2'000);
  ASSERT_OK(report);
  EXPECT_EQ(report->log.lost, 0) << to_text(*report);
  EXPECT_EQ(report->log.on_their_way, 3);
  EXPECT_EQ(report->chain.on_their_way, 2);
  EXPECT_TRUE(report->clean()) << to_text(*report);
}

TEST_F(AuditTest, WhileThePlatformRunsWhatNobodyWillSettleIsLostOrOrphaned) {
  create_inboxes_and_outboxes();
  take_a_drive("log", "nobody asked for it", "driver-1", 0, 1'000);
  answer_rider("log", "lost", 202, 1'000);
  publish("ride_requested", "lost");
  for (const char* service : {"matching", "payment", "notification", "analytics"}) {
    store(service, "INSERT INTO inbox VALUES('lost/ride_requested')");
  }
  answer_rider("log", "nowhere", 202, 1'000);
  const auto report = audit(data, Riders::recorded, 2'000);
  ASSERT_OK(report);
  EXPECT_EQ(report->log.lost, 2) << to_text(*report);
  EXPECT_EQ(report->log.orphaned, 1) << to_text(*report);
  EXPECT_EQ(report->log.on_their_way, 0);
}

TEST_F(AuditTest, AcceptedRideWithoutEffectsIsLost) {
  settled_ride("a");
  answer_rider("log", "b", 202);
  const AuditReport report = audited();
  EXPECT_EQ(report.log.lost, 1);
  EXPECT_EQ(report.log.settled, 1);
  EXPECT_FALSE(report.clean());
  ASSERT_EQ(report.violations.size(), 1U);
  EXPECT_EQ(report.violations.front().ride_id, "b");
  EXPECT_EQ(report.violations.front().kind, "lost");
}

TEST_F(AuditTest, MessageSentTwiceIsDuplicated) {
  settled_ride("a");
  message_and_count("log", "a", "ride_matched");
  const AuditReport report = audited();
  EXPECT_EQ(report.log.duplicated, 1);
  EXPECT_FALSE(report.clean());
}

TEST_F(AuditTest, MoneyHeldForARefusedRideIsOrphanedOnItsOwnLane) {
  settled_ride("a");
  answer_rider("chain", "a", 502);
  pay("chain", "a");
  const AuditReport report = audited();
  EXPECT_EQ(report.chain.orphaned, 1);
  EXPECT_EQ(report.chain.accepted, 0);
  EXPECT_EQ(report.log.orphaned, 0);
  EXPECT_TRUE(report.clean());  // the chain lane's figures are shown as they are
}

// Both sides of the ledger were altered, so that they still sum to 0.
TEST_F(AuditTest, ALedgerRowThatIsNotAsItWasWrittenIsNamed) {
  settled_ride("a");
  store("payment", "ALTER TABLE ledger ADD COLUMN checksum INTEGER");
  store("payment",
        "UPDATE ledger SET checksum=checksum(lane, ride_id, entry, account, amount_cents)");
  EXPECT_TRUE(audited().clean());
  store("payment", "UPDATE payments SET amount_cents=1900");
  store("payment",
        "UPDATE ledger SET amount_cents=amount_cents+CASE WHEN amount_cents<0 THEN -1000 ELSE 1000 "
        "END");
  const AuditReport report = audited();
  EXPECT_FALSE(report.clean());
  EXPECT_EQ(report.stores.altered_entries, 2);
  EXPECT_EQ(report.log.lost, 0) << "nothing else shows it";
  EXPECT_NE(to_text(report).find("ride a: ledger row 1 "), std::string::npos) << to_text(report);
}

TEST_F(AuditTest, DriverWithTwoRidesAtOnceIsFound) {
  settled_ride("a");
  take_a_drive("chain", "x", "driver", 0, 1000);
  take_a_drive("chain", "y", "driver", 999, 2000);
  take_a_drive("chain", "z", "driver", 2000, 3000);
  EXPECT_EQ(audited().stores.double_booked, 1);
}

TEST_F(AuditTest, MissingOffsetInTheLogIsFound) {
  settled_ride("a");
  for (auto& [file, offset] : next_offset) offset += 5;
  publish("ride_requested", "a");
  EXPECT_EQ(audited().log_files.misordered, 1);
}

TEST_F(AuditTest, TornEndOfTheLogIsLeftAloneAndADamagedMiddleIsNot) {
  settled_ride("a");
  const fs::path file = next_offset.begin()->first;
  const auto first_batch = fs::file_size(file);
  append(file, "rider-a", "a/again", next_offset[file]++);
  fs::resize_file(file, first_batch + 20);
  EXPECT_EQ(audited().log_files.corrupt, 0);
  append(file, "rider-a", "a/again", 0);
  std::fstream(file, std::ios::in | std::ios::out | std::ios::binary).seekp(40).put('\x7f');
  EXPECT_EQ(audited().log_files.corrupt, 1);
}

// Invariant 59. A batch of somebody else is in the way of nothing.
TEST_F(AuditTest, WhatNobodyCanDecodeIsNamedAndTheRestOfTheLogIsRead) {
  settled_ride("a");
  const fs::path file = next_offset.begin()->first;
  auto compressed = testing::batch_around({});
  put_be(compressed.data() + wire::batch_format::kAttributes, int16_t{4});
  testing::set_true_crc(compressed);
  for (const auto& batch :
       {testing::batch_around({.key_length = testing::varint(100)}), compressed})
    next_offset[file] = testing::append_unchecked(file.parent_path(), batch) + 3;
  append(file, "rider-a", "a/again", next_offset[file]++);
  const auto report = audited();
  EXPECT_EQ(report.log_files.undecodable, 2);
  EXPECT_EQ(report.log_files.corrupt, 0);
  EXPECT_EQ(report.log_files.misordered, 0);
  EXPECT_TRUE(report.clean());
  EXPECT_NE(to_text(report).find("2 places of the log hold no record that can be decoded"),
            std::string::npos);
  EXPECT_NE(to_text(report).find("the key's length is not true"), std::string::npos);
  const auto document = json::parse(to_json(report));
  ASSERT_OK(document);
  EXPECT_EQ(document->find("clean")->boolean(), true);
  EXPECT_EQ(*document->find("troubles")->elements()->front().text(),
            "2 places of the log hold no record that can be decoded");
}

TEST_F(AuditTest, WithoutRecordedAnswersTheGatewaysRidesAreTheAcceptedOnes) {
  fs::remove_all(data / "traffic");
  store("gateway", "INSERT INTO rides VALUES('log', 'a', 'rider')");
  const AuditReport report = audited();
  EXPECT_EQ(report.log.accepted, 1);
  EXPECT_EQ(report.log.lost, 1);
}

TEST(AuditFolderTest, AnotherFolderIsRefused) {
  const testing::TempFolder folder;
  EXPECT_FAILS_WITH(audit(folder.path()), AuditErrc::not_a_data_folder);
}

TEST(AnswerReaderTest, AReadThatFailsIsNoEndOfTheFile) {
  const testing::TempFolder folder;
  AnswerReader reader(folder.path());  // a folder can be opened, not read
  EXPECT_TRUE(reader.read_new().empty());
  EXPECT_EQ(reader.unreadable(), 1);
}

TEST(AuditTextTest, IdsOfOthersSpoilNeitherTheTerminalNorTheJson) {
  AuditReport report;
  report.violations.push_back({events::Lane::log, "lost", "ride\x1b[2J\n\xff", "it is lost"});
  report.log_files.notes.push_back("topic \xe2\x80\xae is unknown");
  const std::string text = to_text(report);
  EXPECT_EQ(printable_lines(text), text);
  EXPECT_NE(text.find(R"(ride ride\x1b[2J\x0a\xff is lost)"), std::string::npos) << text;
  const std::string json = to_json(report);
  EXPECT_TRUE(json::is_json(json));
  EXPECT_EQ(printable(json), json);
}

}  // namespace
}  // namespace hailstorm::lab
