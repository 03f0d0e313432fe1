#include "tests/broker/storage/system_calls.h"

#include <cerrno>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>
#include <vector>

#include "tests/broker/partition/store_model.h"
#include "tests/support/long_run.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::broker {
namespace {

using hailstorm::testing::SystemCalls;

/// Temporary folders lie in memory where there is such a place: thousands are made.
class InMemory {
 public:
  InMemory() {
    if (::getenv("TMPDIR") != nullptr || ::access(kPlace, W_OK) != 0) return;
    ::setenv("TMPDIR", kPlace, 1);
    is_set_ = true;
  }
  ~InMemory() {
    if (is_set_) ::unsetenv("TMPDIR");
  }
  InMemory(const InMemory&) = delete;
  InMemory& operator=(const InMemory&) = delete;

 private:
  static constexpr const char* kPlace = "/dev/shm";
  bool is_set_ = false;
};

/// The script of the fault tests on a real disk, of which one call misbehaves.
struct Script {
  explicit Script(const SystemCalls::Act& hurt, uint64_t nth) {
    auto& calls = hailstorm::testing::system_calls();
    calls.reset();
    calls.sync_is_quick = true;  // the power stays on
    calls.hurt = hurt;
    calls.hurt_at = nth;
    model.live(0);
    acknowledged = model.acknowledged();
    calls.hurt_at = 0;
    model.die();
    wrong = model.check();
  }

  hailstorm::testing::TempFolder folder;
  std::unique_ptr<storage::FileSystem> files = storage::make_posix_file_system();
  StoreModel model{*files, folder.path().string() + "/data"};
  int64_t acknowledged = 0;
  std::vector<std::string> wrong;
};

// Invariants 3, 4, 10: any call of the script, through produce, roll, retention and recovery.
TEST(SystemCallsTest, AnyCallMayMisbehave) {
  const InMemory quick;
  const int64_t healthy = Script({}, 0).acknowledged;
  ASSERT_GT(healthy, 20);
  const auto& calls = hailstorm::testing::system_calls();
  std::vector<SystemCalls::Act> acts{{EINTR}, {0, 30}};
  // The others are the faulty file system's daily bread.
  if (hailstorm::testing::is_long_run())
    acts.insert(acts.end(), {{0, 1}, {EIO}, {ENOSPC}, {EDQUOT}});
  for (const SystemCalls::Act& hurt : acts) {
    const bool is_harmless = hurt.error == EINTR || hurt.error == 0;
    uint64_t n = 1;
    for (bool was_hurt = true; was_hurt; ++n) {
      const Script script(hurt, n);
      was_hurt = calls.was_hurt;
      ASSERT_TRUE(script.wrong.empty())
          << "call " << n << ", error " << hurt.error << ": " << script.wrong.front();
      if (is_harmless && !calls.was_sync_hurt) {
        ASSERT_EQ(script.acknowledged, healthy) << "call " << n << ", error " << hurt.error;
      }
    }
    EXPECT_GT(n, 400u);
  }
}

}  // namespace
}  // namespace hailstorm::broker
