#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>

#include "common/json/json.h"
#include "common/store/database.h"
#include "services/registry/services.h"
#include "tests/recipes/recipe.h"
#include "tests/support/broker_process.h"
#include "tests/support/matchers.h"
#include "tests/support/run_program.h"

/// README's "Add a service" is followed to the letter: the service is built, and the story of
/// ./demo starts it and kills it like the others.
namespace hailstorm::testing {
namespace {

using ::testing::Contains;

/// The two columns that `sql` gives.
std::map<std::string, std::string> read_pairs(const std::filesystem::path& store,
                                              const std::string& sql) {
  std::map<std::string, std::string> pairs;
  const auto db = store::Database::open(store, store::Database::Mode::read_only);
  EXPECT_OK(db);
  if (!db.ok()) return pairs;
  EXPECT_OK(
      (*db)->query(sql, {}, [&](const store::Row& row) { pairs[row.text(0)] = row.text(1); }));
  return pairs;
}

using Points = std::map<std::string, int64_t>;  // by rider

/// One for each ride of the log lane that matching found a driver for.
Points due_points(const std::filesystem::path& data) {
  Points points;
  const auto rider_of = read_pairs(data / "gateway" / "gateway.db",
                                   "SELECT ride_id, rider_id FROM rides WHERE lane='log'");
  for (const auto& [ride, outcome] :
       read_pairs(data / "matching" / "matching.db",
                  "SELECT ride_id, outcome FROM matches WHERE lane='log'")) {
    if (outcome == "matched") ++points[rider_of.at(ride)];
  }
  return points;
}

Points counted_points(const std::filesystem::path& data) {
  Points points;
  for (const auto& [rider, count] :
       read_pairs(data / "loyalty" / "loyalty.db", "SELECT rider_id, points FROM points")) {
    points[rider] = std::stoll(count);
  }
  return points;
}

/// The names of the services that the story's last act killed.
std::vector<std::string> killed_in_last_act(const std::filesystem::path& report) {
  const std::string text = read_text(report);
  const auto document = json::parse(text, text.size());
  std::vector<std::string> names;
  if (!document.ok()) return names;
  const auto& act = document->find("acts")->elements()->back();
  for (const auto& name : *act.find("fault")->find("services")->elements()) {
    names.push_back(*name.text());
  }
  return names;
}

TEST(AddServiceTest, TheServiceOfTheReadmeIsKilledMidStreamAndCountsEveryPointOnce) {
  const auto blocks = code_blocks_under(
      "## Add a service", read_text(std::filesystem::path(HAILSTORM_SOURCE_DIR) / "README.md"));
  ASSERT_FALSE(blocks.empty());
  Recipe recipe;
  ASSERT_OK(recipe.apply(blocks));
  ASSERT_OK(recipe.build({"programs"}));

  const TempFolder folder;
  const auto data = folder.path() / "data";
  const auto report = folder.path() / "report.json";
  const int base_port = free_ports(registry::port_range() + 1);
  const auto story =
      run_program({recipe.programs() / "hail-lab", "story", "--data", data, "--base-port",
                   std::to_string(base_port), "--rides", "1200", "--report", report});
  ASSERT_EQ(story.exit_code, 0) << story.out << story.err;
  EXPECT_THAT(killed_in_last_act(report), Contains("loyalty"));
  const Points due = due_points(data);
  EXPECT_FALSE(due.empty());
  EXPECT_EQ(counted_points(data), due);
}

}  // namespace
}  // namespace hailstorm::testing
