#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/lab/incidents/incident.h"
#include "services/lab/incidents/replay.h"
#include "tests/support/await.h"
#include "tests/support/scripted_lab.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::lab {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using What = ReplayStep::What;

RecordedFault recorded(int64_t at_ms, const std::string& target, int64_t duration_ms) {
  RecordedFault fault;
  fault.at_ms = at_ms;
  fault.request.target = target;
  fault.request.duration_ms = duration_ms;
  return fault;
}

Schedule short_schedule() {
  Schedule schedule;
  schedule.begin_ms = 1'000;
  schedule.end_ms = 1'600;
  schedule.seed = 7;
  schedule.traffic = {{-5'000, {.rate = 40, .lanes = {"log"}, .running = true, .rides = 200}},
                      {300, {.rate = 80, .lanes = {"log"}, .running = true, .rides = 220}}};
  schedule.faults = {recorded(100, "payment", 200), recorded(150, "matching", 5'000)};
  schedule.faults[1].reverted_at_ms = 400;
  return schedule;
}

TEST(ReplayTest, TheRequestsOfARecordingComeInTheirOrder) {
  const auto steps = steps_of(short_schedule());
  ASSERT_THAT(steps, SizeIs(5));
  EXPECT_EQ(steps[0].at_ms, 0);
  EXPECT_EQ(steps[0].traffic.rate, 40);
  EXPECT_EQ(steps[1].fault.target, "payment");
  EXPECT_EQ(steps[2].fault.target, "matching");
  EXPECT_EQ(steps[3].traffic.rate, 80);
  EXPECT_EQ(steps[4].what, What::revert);
  EXPECT_EQ(steps[4].at_ms, 400);
  EXPECT_EQ(steps[4].fault.id, steps[2].fault.id);
}

TEST(ReplayTest, AFaultFromBeforeTheBeginIsOnForWhatWasLeftOfIt) {
  auto schedule = short_schedule();
  schedule.faults = {recorded(-300, "payment", 1'000), recorded(-900, "broker", 100)};
  const auto steps = steps_of(schedule);
  ASSERT_THAT(steps, SizeIs(3));
  EXPECT_EQ(steps[1].fault.target, "payment");
  EXPECT_EQ(steps[1].fault.duration_ms, 700);
}

TEST(ReplayTest, ALabGetsTheSameRidersAndFaults) {
  testing::ScriptedLab script;
  script.start();
  LabClient client = script.client();
  RemoteLab lab(client);
  const SystemClock clock;
  auto schedule = short_schedule();
  schedule.faults.pop_back();
  Replay replay(schedule, lab, clock);
  EXPECT_TRUE(testing::await([&] {
    EXPECT_TRUE(replay.step().ok());
    return replay.done();
  }));
  EXPECT_THAT(script.rates(), ElementsAre(40, 80));
  ASSERT_THAT(script.faults(), SizeIs(1));
  EXPECT_EQ(script.faults()[0].request.target, "payment");
}

TEST(IncidentTest, ARecordingIsReadWithItsSharesAndItsAudit) {
  const testing::TempFolder folder;
  testing::ScriptedLab script;
  script.start();
  LabClient client = script.client();
  const std::string file = folder.path() / "incident.jsonl";
  {
    std::ofstream out(file);
    out << json::to_text(to_json(short_schedule())) << "\n"
        << json::to_text(client.get("/api/state").value()) << "\n"
        << json::to_text(json::Value{{"audit", client.get("/api/audit").value()}}) << "\n";
  }
  const auto incident = read_incident(file);
  ASSERT_TRUE(incident.ok()) << incident.error().message();
  EXPECT_EQ(incident->schedule.seed, 7U);
  EXPECT_EQ(incident->outcome.log_accepted, 1);
  ASSERT_TRUE(incident->outcome.audit.has_value());
  EXPECT_TRUE(incident->outcome.audit->clean());
  EXPECT_FALSE(read_incident(folder.path() / "none").ok());
}

TEST(IncidentTest, TheVerdictsDifferWhenTheAuditOrTheSharesDo) {
  IncidentOutcome first;
  first.chain_accepted = 0.6;
  first.audit.emplace();
  auto again = first;
  again.chain_accepted = 0.55;
  EXPECT_THAT(differences(first, again, 10), IsEmpty());
  EXPECT_THAT(differences(first, again, 4),
              ElementsAre("the chain lane accepted 55.0 %, 60.0 % in the recording"));
  again.audit->troubles = {"log.lost is 1"};
  EXPECT_THAT(differences(first, again, 10), ElementsAre(HasSubstr("the audit is broken")));
}

}  // namespace
}  // namespace hailstorm::lab
