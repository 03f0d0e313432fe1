#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "common/http/client.h"
#include "common/store/database.h"
#include "tests/support/await.h"
#include "tests/support/broker_process.h"
#include "tests/support/child.h"
#include "tests/support/matchers.h"
#include "tests/support/run_program.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::testing {
namespace {

/// A service's database as a program left it that counted the steps of the runtime and of the
/// service with one number, and what must be in it afterwards.
struct OldStore {
  std::string service;
  std::string rows;  // asks for a number
  int64_t row_count;
  int64_t inbox_count;
};

class OldStoreTest : public ::testing::TestWithParam<OldStore> {};

TEST_P(OldStoreTest, IsTakenOverWithAllItsRows) {
  const OldStore& old = GetParam();
  const TempFolder folder;
  const auto path = (folder.path() / (old.service + ".db")).string();
  const std::filesystem::path script = std::filesystem::path(HAILSTORM_SOURCE_DIR) /
                                       "tests/system/fixtures/old_stores" / (old.service + ".sql");
  ASSERT_OK(store::Database::open(path).value()->run_script(read_text(script)));
  std::ofstream(folder.path() / "VERSION") << old.service << " 1\n";

  const int port = free_port();
  const Child child(
      {program_folder() / ("hail-" + old.service), "--data", folder.path().string(), "--http-port",
       std::to_string(port), "--broker", fmt::format("hailstorm://127.0.0.1:{}", free_port())},
      {.err = folder.path() / "err"});
  http::Client client({"127.0.0.1", port}, 1'000);
  ASSERT_TRUE(await([&] {
    const auto answer = client.get("/healthz");
    return answer.ok() && answer->status == 200;
  })) << read_text(folder.path() / "err");
  const auto db = store::Database::open(path, store::Database::Mode::read_only).value();
  const auto number = [&](const std::string& sql) {
    int64_t found = -1;
    EXPECT_OK(db->query(sql, {}, [&](const store::Row& row) { found = row.integer(0); }));
    return found;
  };
  EXPECT_EQ(number(old.rows), old.row_count);
  EXPECT_EQ(number("SELECT count(*) FROM inbox WHERE entered_ms IS NULL AND letters IS NULL"),
            old.inbox_count);
}

INSTANTIATE_TEST_SUITE_P(
    Each, OldStoreTest,
    ::testing::Values(OldStore{"gateway",
                               "SELECT (SELECT count(*) FROM rides) + (SELECT count(*) FROM "
                               "timeline) + (SELECT count(*) FROM outbox WHERE key='waits')",
                               7 + 6 + 1, 6},
                      OldStore{"matching",
                               "SELECT (SELECT count(*) FROM matches) + (SELECT count(*) FROM "
                               "drivers) + (SELECT count(*) FROM free_times)",
                               6 + 6 + 8, 4},
                      OldStore{"payment",
                               "SELECT (SELECT count(*) FROM payments) + (SELECT count(*) FROM "
                               "ledger)",
                               6 + 8, 4},
                      OldStore{"notification", "SELECT count(*) FROM messages", 18, 9},
                      OldStore{"analytics", "SELECT count(*) FROM counted", 18, 9}),
    [](const auto& store) { return store.param.service; });

}  // namespace
}  // namespace hailstorm::testing
