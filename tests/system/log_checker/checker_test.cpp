#include "tests/system/log_checker/checker.h"

#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

#include "tests/support/matchers.h"
#include "tests/support/run_program.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::history {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// Histories as a little language: each line is one thing that was seen, one after the other.
class CheckerTest : public ::testing::Test {
 protected:
  Event& add(Kind kind, const std::string& who, int64_t offset = -1) {
    Event event;
    event.kind = kind;
    event.who = who;
    event.partition = 0;
    event.offset = offset;
    event.begin_ns = ++now_;
    event.end_ns = ++now_;
    events_.push_back(event);
    return events_.back();
  }
  void send(const std::string& who, int64_t seq) { add(Kind::send, who).seq = seq; }
  void acked(const std::string& who, int64_t seq, int64_t offset) {
    Event& event = add(Kind::acked, who, offset);
    event.seq = seq;
    event.durable = true;
  }
  void refused(const std::string& who, int64_t seq) { add(Kind::refused, who).seq = seq; }
  void sent_and_acked(const std::string& who, int64_t seq, int64_t offset) {
    send(who, seq);
    acked(who, seq, offset);
  }
  void assigned(const std::string& who) { add(Kind::assigned, who); }
  void read(const std::string& who, int64_t offset, const std::string& value) {
    add(Kind::read, who, offset).value = value;
  }
  void committed(const std::string& who, int64_t offset) { add(Kind::committed, who, offset); }
  void saw_commit(int64_t offset) { add(Kind::saw_commit, "", offset); }
  void saw_end(int64_t offset) { add(Kind::saw_end, "", offset); }
  void log(const std::vector<std::string>& values) {
    for (size_t i = 0; i < values.size(); ++i) {
      add(Kind::final_log, "", static_cast<int64_t>(i)).value = values[i];
    }
  }
  std::set<Fault> faults() {
    std::set<Fault> out;
    for (const Finding& finding : check(events_)) out.insert(finding.fault);
    return out;
  }

  std::vector<Event> events_;
  int64_t now_ = 0;
};

TEST_F(CheckerTest, RightHistoryHasNoFindings) {
  sent_and_acked("p", 0, 0);
  send("p", 1);  // its writer was killed: whether it was written, nobody knows
  sent_and_acked("q", 0, 2);
  saw_end(3);
  assigned("c");
  read("c", 0, "p/0");
  read("c", 1, "p/1");
  committed("c", 2);
  saw_commit(2);
  assigned("d");
  read("d", 2, "q/0");
  committed("d", 3);
  log({"p/0", "p/1", "q/0"});
  EXPECT_THAT(check(events_), IsEmpty());
}

TEST_F(CheckerTest, UnansweredRecordMayBeMissing) {
  send("p", 0);
  sent_and_acked("p", 1, 0);
  log({"p/1"});
  EXPECT_THAT(check(events_), IsEmpty());
}

TEST_F(CheckerTest, AcknowledgedRecordThatIsMissingIsLost) {
  sent_and_acked("p", 0, 0);
  sent_and_acked("p", 1, 1);
  log({"p/0"});
  EXPECT_THAT(faults(), ElementsAre(Fault::lost));
}

TEST_F(CheckerTest, AcknowledgedRecordOfUnknownPlaceMustBeSomewhere) {
  sent_and_acked("p", 0, -1);
  EXPECT_THAT(faults(), ElementsAre(Fault::lost));
  log({"p/0"});
  EXPECT_THAT(check(events_), IsEmpty());
}

TEST_F(CheckerTest, ReadRecordThatIsGoneIsLost) {
  send("p", 0);
  assigned("c");
  read("c", 0, "p/0");
  EXPECT_THAT(faults(), ElementsAre(Fault::lost));
}

TEST_F(CheckerTest, HoleInTheLogIsLost) {
  send("p", 0);
  send("p", 1);
  log({"p/0", "p/1"});
  events_.back().offset = 2;
  EXPECT_THAT(faults(), ElementsAre(Fault::lost));
}

TEST_F(CheckerTest, OffsetSkippedByAMemberIsLost) {
  for (int64_t i = 0; i < 3; ++i) send("p", i);
  assigned("c");
  read("c", 0, "p/0");
  read("c", 2, "p/2");
  log({"p/0", "p/1", "p/2"});
  EXPECT_THAT(faults(), ElementsAre(Fault::lost));
}

TEST_F(CheckerTest, CommittedOffsetThatNobodyReadIsLost) {
  for (int64_t i = 0; i < 3; ++i) send("p", i);
  assigned("c");
  read("c", 0, "p/0");
  assigned("d");
  read("d", 2, "p/2");
  committed("d", 3);
  log({"p/0", "p/1", "p/2"});
  EXPECT_THAT(faults(), ElementsAre(Fault::lost));
}

TEST_F(CheckerTest, RecordAtTwoOffsetsIsDuplicated) {
  sent_and_acked("p", 0, 0);
  log({"p/0", "p/0"});
  EXPECT_THAT(faults(), ElementsAre(Fault::duplicated));
}

TEST_F(CheckerTest, ProducersRecordsInAnotherOrderAreReordered) {
  sent_and_acked("p", 0, 1);
  sent_and_acked("p", 1, 0);
  log({"p/1", "p/0"});
  EXPECT_THAT(faults(), ElementsAre(Fault::reordered));
}

TEST_F(CheckerTest, RecordThatNobodySentIsPhantom) {
  log({"p/0"});
  EXPECT_THAT(faults(), ElementsAre(Fault::phantom));
}

TEST_F(CheckerTest, RefusedRecordInTheLogIsPhantom) {
  send("p", 0);
  refused("p", 0);
  log({"p/0"});
  EXPECT_THAT(faults(), ElementsAre(Fault::phantom));
}

TEST_F(CheckerTest, RecordAcknowledgedForAnotherOffsetIsChanged) {
  sent_and_acked("p", 0, 1);
  sent_and_acked("q", 0, 1);
  log({"p/0", "q/0"});
  EXPECT_THAT(faults(), ElementsAre(Fault::changed));
}

TEST_F(CheckerTest, OffsetReadWithAnotherRecordIsChanged) {
  send("p", 0);
  send("q", 0);
  assigned("c");
  read("c", 0, "q/0");
  log({"p/0", "q/0"});
  EXPECT_THAT(faults(), ElementsAre(Fault::changed));
}

TEST_F(CheckerTest, EndBelowAnAcknowledgedRecordIsStale) {
  sent_and_acked("p", 0, 0);
  saw_end(0);
  log({"p/0"});
  EXPECT_THAT(faults(), ElementsAre(Fault::stale_read));
}

TEST_F(CheckerTest, AnEndOffsetRequestedBeforeTheAcknowledgementIsNotStale) {
  send("p", 0);
  saw_end(0);
  const int64_t asked_ns = now_ - 1;
  acked("p", 0, 0);
  events_.back().end_ns = asked_ns;  // at the same time: either order is right
  log({"p/0"});
  EXPECT_THAT(check(events_), IsEmpty());
}

TEST_F(CheckerTest, EndThatGoesBackIsStale) {
  send("p", 0);
  saw_end(1);
  saw_end(0);
  log({"p/0"});
  EXPECT_THAT(faults(), ElementsAre(Fault::stale_read));
}

class CommitCheckerTest : public CheckerTest {
 protected:
  CommitCheckerTest() {
    for (int64_t i = 0; i < 3; ++i) send("p", i);
    assigned("c");
    for (int64_t i = 0; i < 3; ++i) read("c", i, value_of("p", i));
    committed("c", 3);
    log({"p/0", "p/1", "p/2"});
  }
};

TEST_F(CommitCheckerTest, LowerAnswerAfterACommitIsRegressed) {
  saw_commit(2);
  EXPECT_THAT(faults(), ElementsAre(Fault::offset_regressed));
}

TEST_F(CommitCheckerTest, NoneAfterACommitIsRegressed) {
  saw_commit(-1);
  EXPECT_THAT(faults(), ElementsAre(Fault::offset_regressed));
}

TEST_F(CommitCheckerTest, LowerCommitOfAnotherMemberIsRegressed) {
  committed("d", 1);
  EXPECT_THAT(faults(), ElementsAre(Fault::offset_regressed));
}

TEST_F(CommitCheckerTest, NewOwnerThatBeginsBelowTheCommitIsRegressed) {
  assigned("d");
  read("d", 1, "p/1");
  EXPECT_THAT(faults(), ElementsAre(Fault::offset_regressed));
}

TEST_F(CommitCheckerTest, MemberThatIsGivenAnOffsetAgainIsRegressed) {
  read("c", 1, "p/1");
  EXPECT_THAT(faults(), ElementsAre(Fault::offset_regressed));
}

TEST_F(CommitCheckerTest, AnotherGroupsCommitIsItsOwn) {
  saw_commit(-1);
  events_.back().group = "other";
  EXPECT_THAT(check(events_), IsEmpty());
}

TEST(HistoryFileTest, EventsComeBackAndATornLineIsLeftOut) {
  const testing::TempFolder folder;
  const auto file = folder.path() / "h";
  Event event;
  event.kind = Kind::acked;
  event.who = "p.0";
  event.seq = 7;
  event.partition = 2;
  event.offset = 40;
  event.durable = true;
  event.end_ns = 123;
  std::ofstream(file) << to_line(event) << to_line(event).substr(0, 20);
  std::vector<Event> events;
  ASSERT_OK(read_history(file, events));
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(to_line(events[0]), to_line(event));
}

TEST(HistoryFileTest, AnotherFileIsRefusedWithItsLine) {
  const testing::TempFolder folder;
  const auto file = folder.path() / "h";
  std::ofstream(file) << "{\"op\":\"dream\"}\n";
  std::vector<Event> events;
  EXPECT_FAILS_WITH(read_history(file, events), HistoryErrc::not_a_history);
  EXPECT_FAILS_WITH(read_history(folder.path() / "none", events), HistoryErrc::cannot_read);
}

TEST(LogCheckerProgramTest, TheExitCodeIsOneWhereSomethingIsWrong) {
  const std::string program = testing::program_folder() / "hail-log-checker";
  const testing::TempFolder folder;
  const std::string file = folder.path() / "h";
  std::ofstream(file) << R"({"op":"send","who":"p","seq":0})"
                      << "\n";
  EXPECT_EQ(testing::run_program({program, file}).exit_code, 0);
  std::ofstream(file, std::ios::app)
      << R"({"op":"acked","who":"p","seq":0,"partition":0,"offset":0})"
      << "\n";
  const auto judged = testing::run_program({program, file});
  EXPECT_EQ(judged.exit_code, 1);
  EXPECT_THAT(judged.out, ::testing::HasSubstr("lost: 'p/0'"));
  EXPECT_EQ(testing::run_program({program, file + "x"}).exit_code, 2);
}

}  // namespace
}  // namespace hailstorm::history
