#include <csignal>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/await.h"
#include "tests/support/run_program.h"
#include "tests/support/served_lab.h"

/// Experiments and blasts that the running lab is asked for.
namespace hailstorm::testing {
namespace {

constexpr const char* kExperiments = "/api/experiments";

class ServedRunsTest : public ::testing::Test {
 protected:
  /// Freezes analytics for that long, and pauses for as long. It is steady while `value` is 0.
  static json::Value experiment(const std::string& duration, double pause_s,
                                const std::string& value) {
    const std::string text = R"({
      "title": "a freeze", "description": "a test",
      "configuration": {"lab": {"type": "env", "key": "HAIL_LAB"}},
      "secrets": {"lab": {"auth": {"type": "env", "key": "HAIL_LAB_BEARER"}}},
      "steady-state-hypothesis": {"title": "steady", "probes": [{"type": "probe", "name": "zero",
        "tolerance": {"type": "range", "target": "body", "range": [0, 0]},
        "provider": {"type": "http", "url": "${lab}/api/value/)" +
                             value + R"("}}]},
      "method": [{"type": "action", "name": "freeze", "pauses": {"after": )" +
                             std::to_string(pause_s) + R"(},
        "provider": {"type": "http", "method": "POST", "url": "${lab}/api/faults",
          "headers": {"Content-Type": "application/json", "Authorization": "${auth}"},
          "secrets": ["lab"],
          "arguments": {"target": "analytics", "action": "freeze", "duration": ")" +
                             duration + R"("}}}],
      "rollbacks": []})";
    return json::parse(text).value();
  }

  /// The same experiment with shorter pauses.
  static std::string shortened(std::string document) {
    const std::vector<std::pair<std::string, std::string>> changes = {
        {R"("after":6)", R"("after":2)"}, {"within_s=10", "within_s=2"}};
    for (const auto& [text, other] : changes) {
      for (size_t at = 0; (at = document.find(text, at)) != std::string::npos;) {
        document.replace(at, text.size(), other);
      }
    }
    return document;
  }

  std::string begin(const std::string& path, const json::Value& order) {
    const auto run = client_.post(path, order);
    EXPECT_TRUE(run.ok()) << run.error().message();
    return run.ok() ? path + "/" + *run->find("id")->text() : "";
  }
  std::string state(const std::string& run) {
    const auto found = client_.get(run);
    return found.ok() ? *found->find("state")->text() : found.error().message();
  }
  /// How it ended.
  std::string end_of(const std::string& run) {
    EXPECT_TRUE(await([&] { return state(run) != "running"; }, std::chrono::minutes(1)));
    return state(run);
  }
  int64_t faults_on() { return client_.get("/api/value/faults.on").value().integer().value_or(-1); }

  ServedLab lab_;
  lab::LabClient client_ = lab_.client();
};

TEST_F(ServedRunsTest, AnExperimentHasItsVerdictAndItsJournalWithoutTheToken) {
  const auto passed = begin(kExperiments, experiment("500ms", 1, "faults.not_proven"));
  EXPECT_EQ(end_of(passed), "passed") << json::to_text(client_.get(passed).value());
  const auto found = client_.get(passed).value();
  const auto* ours = found.find("result")->find("x-hailstorm");
  ASSERT_NE(ours, nullptr) << json::to_text(found);
  EXPECT_EQ(*ours->find("verdict")->text(), "passed");
  EXPECT_EQ(ours->find("faults")->elements()->size(), 1U);
  const std::string token = lab_.bearer().substr(7);
  EXPECT_EQ(json::to_text(found).find(token), std::string::npos) << "everybody may read this";

  const auto failed = begin(kExperiments, experiment("2s", 2.5, "faults.on"));
  EXPECT_EQ(end_of(failed), "failed") << json::to_text(client_.get(failed).value());
  const auto list = client_.get(kExperiments).value();
  ASSERT_EQ(list.find("runs")->elements()->size(), 2U);
  EXPECT_EQ(failed,
            kExperiments + ("/" + *list.find("runs")->elements()->front().find("id")->text()))
      << "the newest first";
}

TEST_F(ServedRunsTest, OneRunIsOnAtATimeAndOneThatIsStoppedRevertsItsFaults) {
  const auto first = begin(kExperiments, experiment("60s", 60, "faults.not_proven"));
  ASSERT_TRUE(await([&] { return faults_on() == 1; }));
  const auto second = client_.post("/api/blast", {{"quick", true}});
  ASSERT_FALSE(second.ok());
  EXPECT_NE(second.error().message().find("experiment"), std::string::npos);
  EXPECT_NE(second.error().message().find("a freeze"), std::string::npos);
  ASSERT_TRUE(client_.remove(first).ok());
  EXPECT_EQ(end_of(first), "stopped");
  EXPECT_EQ(faults_on(), 0);
}

TEST_F(ServedRunsTest, AStormOfTheShellIsRefusedWhileTheLabRunsSomethingElse) {
  const auto on = begin(kExperiments, experiment("60s", 60, "faults.not_proven"));
  ASSERT_TRUE(await([&] { return faults_on() == 1; }));
  const auto storm = run_program({program_folder() / "hail-lab", "storm", "--lab", lab_.url(),
                                  "--token-file", lab_.token_file(), "--minutes", "0.05"});
  EXPECT_EQ(storm.exit_code, 2);
  const std::string id = on.substr(on.rfind('/') + 1);
  EXPECT_NE(storm.err.find("409: experiment " + id + " is on: a freeze"), std::string::npos)
      << storm.err;
  EXPECT_EQ(faults_on(), 1) << "that of the experiment";
  ASSERT_TRUE(client_.remove(on).ok());
  EXPECT_EQ(end_of(on), "stopped");
}

TEST_F(ServedRunsTest, ABlastHasWhatItMeasured) {
  const auto run = begin("/api/blast", json::parse(R"({"faults":["freeze"],"quick":true,
      "targets":["analytics"]})")
                                           .value());
  EXPECT_EQ(end_of(run), "passed") << json::to_text(client_.get(run).value());
  const auto found = client_.get(run).value();
  const auto* cells = found.find("result")->find("cells");
  ASSERT_NE(cells, nullptr) << json::to_text(found);
  EXPECT_EQ(cells->elements()->size(), 1U);
  EXPECT_TRUE(client_.get(kExperiments).value().find("runs")->elements()->empty());
}

TEST_F(ServedRunsTest, ARunThatHasEndedHasAReportWithoutScripts) {
  const auto run = begin(kExperiments, experiment("500ms", 1, "faults.not_proven"));
  EXPECT_EQ(lab_.send("GET", run + "/report", {}, "").status, 404) << "it still runs";
  EXPECT_EQ(end_of(run), "passed");
  const auto report = lab_.send("GET", run + "/report", {}, "");
  EXPECT_EQ(report.status, 200) << report.body;
  EXPECT_EQ(report.content_type, "text/html; charset=utf-8");
  EXPECT_NE(report.body.find("a freeze"), std::string::npos);
  const auto policy = report.headers.find("Content-Security-Policy");
  ASSERT_NE(policy, report.headers.end());
  EXPECT_NE(policy->second.find("default-src 'none'"), std::string::npos) << policy->second;
  EXPECT_EQ(policy->second.find("script-src"), std::string::npos) << policy->second;
}

TEST_F(ServedRunsTest, AnExperimentWithoutAGuardRunsOnAPlatformOfItsOwnWhichIsRemoved) {
  const auto shipped = client_.get("/api/experiment-files/control-inbox-off").value();
  EXPECT_TRUE(*shipped.find("needs_own_platform")->boolean());
  const auto document = json::parse(shortened(json::to_text(*shipped.find("document")))).value();
  const auto run = begin(kExperiments, document);
  EXPECT_EQ(end_of(run), "passed") << json::to_text(client_.get(run).value());
  const auto found = client_.get(run).value();
  const auto* audit = found.find("result")->find("x-hailstorm")->find("audit");
  EXPECT_GT(audit->find("log")->find("duplicated")->integer().value_or(0), 0);
  EXPECT_EQ(client_.get("/api/value/audit.log.requested").value().integer(), 0)
      << "no ride of it was on the lab's own platform";
  const auto id = run.substr(std::string(kExperiments).size() + 1);
  EXPECT_FALSE(std::filesystem::exists(lab_.data() / "lab" / "runs" / id / "data"));
}

TEST_F(ServedRunsTest, AStormHasItsVerdictItsFaultsAndItsReport) {
  const json::Value order = json::parse(R"({"seed":7,"minutes":0.05,"kinds":["freeze"],
      "targets":["analytics"],"rate":20})")
                                .value();
  const auto schedule = client_.post("/api/storms/plan", order);
  ASSERT_TRUE(schedule.ok()) << schedule.error().message();
  const auto run = begin("/api/storms", order);
  EXPECT_EQ(end_of(run), "passed") << json::to_text(client_.get(run).value());
  const auto found = client_.get(run).value();
  const auto* faults = found.find("result")->find("faults");
  ASSERT_NE(faults, nullptr) << json::to_text(found);
  EXPECT_EQ(faults->elements()->size(), schedule->find("faults")->elements()->size());
  EXPECT_EQ(lab_.send("GET", run + "/report", {}, "").status, 200);
}

TEST_F(ServedRunsTest, TheSameRidesGoThroughALogAndAQueueAndTheGroupsAreRemovedAfterIt) {
  const json::Value order = {{"rides", 20}};
  const auto too_few = client_.post("/api/queue-or-log", order);
  ASSERT_FALSE(too_few.ok());
  EXPECT_NE(too_few.error().message().find("the log has 0 rides yet"), std::string::npos);
  ASSERT_TRUE(client_.put("/api/traffic", {{"rate", 60}}).ok());
  ASSERT_TRUE(await([&] { return client_.post("/api/queue-or-log", order).ok(); },
                    std::chrono::seconds(20)));
  const auto result = client_.post("/api/queue-or-log", order).value();
  const auto count = [&](const char* way, const char* reader) {
    return result.find(way)->find(reader)->integer().value_or(-1);
  };
  EXPECT_EQ(result.find("rides")->integer(), 20);
  for (const char* reader : {"first", "second", "late", "again", "kept"}) {
    EXPECT_EQ(count("log", reader), 20) << reader;
  }
  EXPECT_EQ(count("queue", "first") + count("queue", "second"), 20);
  EXPECT_EQ(count("queue", "late") + count("queue", "again") + count("queue", "kept"), 0);
  EXPECT_EQ(count("queue_each", "second"), 20);
  EXPECT_EQ(count("queue_each", "late"), 0);
  EXPECT_EQ(json::to_text(client_.get("/api/groups").value()).find("queue-or-log"),
            std::string::npos);
}

TEST_F(ServedRunsTest, ALabThatEndsEndsItsRunFirst) {
  const auto run = begin(kExperiments, experiment("60s", 60, "faults.not_proven"));
  ASSERT_TRUE(await([&] { return faults_on() == 1; }));
  const auto output =
      lab_.data() / "lab" / "runs" / run.substr(std::string(kExperiments).size() + 1) / "output";
  lab_.process().terminate();
  EXPECT_EQ(lab_.process().wait(), 0);
  EXPECT_NE(read_text(output).find("proven off"), std::string::npos) << read_text(output);
}

TEST_F(ServedRunsTest, OfManyRunsTheLastOnesAreKept) {
  std::string first;
  for (int i = 0; i < 21; ++i) {
    // It does not hold before anything is done, so it is over at once.
    const auto run = begin(kExperiments, experiment("1s", 0, "processes.broker.pid"));
    if (i == 0) first = run;
    EXPECT_EQ(end_of(run), "failed");
  }
  EXPECT_EQ(client_.get(kExperiments).value().find("runs")->elements()->size(), 20U);
  EXPECT_FALSE(client_.get(first).ok());
  const auto folder = lab_.data() / "lab" / "runs";
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 20);
}

}  // namespace
}  // namespace hailstorm::testing
