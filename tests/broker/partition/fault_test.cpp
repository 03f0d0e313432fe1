#include <functional>
#include <gtest/gtest.h>

#include "tests/broker/partition/store_model.h"
#include "tests/support/faulty_file_system.h"
#include "tests/support/long_run.h"

namespace hailstorm::broker {
namespace {

using hailstorm::testing::FaultyFileSystem;
using hailstorm::testing::is_long_run;
using Fault = FaultyFileSystem::Fault;

constexpr uint64_t kAll = ~uint64_t{0};
constexpr uint64_t kChanges = 200;  // at least so many calls are in the script

std::string lines(const std::vector<std::string>& wrong) {
  std::string text;
  for (const auto& line : wrong) text += "  " + line + "\n";
  return text;
}

/// How a process's life ends on the disk.
struct End {
  const char* name;
  void (*happen)(FaultyFileSystem&, uint64_t seed);
  bool is_power_loss;
};
const End kEnds[] = {
    {"the process dies", [](FaultyFileSystem&, uint64_t) {}, false},
    {"unsynced bytes are dropped", [](FaultyFileSystem& files, uint64_t) { files.cut_power(); },
     true},
    {"unsynced bytes are kept", [](FaultyFileSystem& files, uint64_t) { files.cut_power(kAll); },
     true},
    {"unsynced bytes are kept in part",
     [](FaultyFileSystem& files, uint64_t seed) { files.cut_power(1 + seed % 400); }, true},
    {"unsynced sectors and names are kept in any order",
     [](FaultyFileSystem& files, uint64_t seed) { files.cut_power_reordered(seed); }, true},
};

/// Two lives of the script, each checked; the first one is hurt by `hurt` and ends by `end`, the
/// second one in the same way, or by a power cut.
/// Returns false once `hurt` no longer reached its call.
bool live_and_check(const std::string& what, const End& end, uint64_t seed,
                    const std::function<void(FaultyFileSystem&)>& hurt) {
  FaultyFileSystem files;
  StoreModel model(files);
  hurt(files);
  model.live(0);
  const bool was_hurt = files.has_failed();
  files.heal();
  const auto end_and_check = [&](const End& by) {
    if (by.is_power_loss) {
      model.lose_power();
    } else {
      model.die();
    }
    by.happen(files, seed);
    return model.check();
  };
  auto wrong = end_and_check(end);
  if (wrong.empty()) {
    model.live(1);
    // What a process that died left behind must not be taken for durable by the next one.
    wrong = end_and_check(end.is_power_loss ? end : kEnds[1]);
  }
  EXPECT_TRUE(wrong.empty()) << what << ", then " << end.name << ", seed " << seed << ":\n"
                             << lines(wrong);
  return was_hurt;
}

/// Every n of a script until it is longer than the script; stops at the first few that fail.
void for_every_call(uint64_t at_least, const std::function<bool(uint64_t n)>& round) {
  constexpr int kEnough = 3;
  int failed = 0;
  uint64_t n = 1;
  for (; failed < kEnough && round(n); ++n) failed += ::testing::Test::HasFailure() ? 1 : 0;
  EXPECT_GT(n, failed > 0 ? 0 : at_least);
}

TEST(FaultTest, AHealthyScriptAcknowledgesAll) {
  FaultyFileSystem files;
  StoreModel model(files);
  model.live(0);
  EXPECT_GT(model.acknowledged(), 20);
  model.die();
  const auto wrong = model.check();
  EXPECT_TRUE(wrong.empty()) << lines(wrong);
}

// Invariants 3, 4, 10, 18: one call fails and the process lives on until its end.
TEST(FaultTest, AnyChangeMayFailOnce) {
  for (const auto& [fault, name] : {std::pair(Fault::io, "EIO"),
                                    {Fault::no_space, "ENOSPC"},
                                    {Fault::short_write, "short write"},
                                    {Fault::no_descriptor, "EMFILE"}}) {
    for (const End& end : kEnds) {
      const bool is_first_of_kind = &end == kEnds || (fault == Fault::io && &end == kEnds + 1);
      if (!is_first_of_kind && !is_long_run()) continue;
      for_every_call(kChanges, [&, fault = fault, name = name](uint64_t n) {
        return live_and_check("change " + std::to_string(n) + ": " + name, end, n,
                              [&](FaultyFileSystem& files) { files.fail_nth(n, fault); });
      });
    }
  }
}

// Invariant 10: what is done about the first failure fails too.
TEST(FaultTest, AnyTwoChangesInARowMayFail) {
  for (const auto& [fault, name] : {std::pair(Fault::io, "EIO"),
                                    {Fault::no_space, "ENOSPC"},
                                    {Fault::no_descriptor, "EMFILE"}}) {
    for_every_call(kChanges, [&, fault = fault, name = name](uint64_t n) {
      return live_and_check("change " + std::to_string(n) + " and the next: " + name, kEnds[0], n,
                            [&](FaultyFileSystem& files) { files.fail_nth(n, fault, 2); });
    });
  }
}

// Invariant 10, for the calls that change nothing.
TEST(FaultTest, AnyReadMayFailOnce) {
  for_every_call(kChanges, [&](uint64_t n) {
    return live_and_check("call " + std::to_string(n) + ": EIO", kEnds[0], n,
                          [&](FaultyFileSystem& files) {
                            files.fail_nth(n, Fault::io);
                            files.count_reads();
                          });
  });
}

// Invariants 1, 2, 3, 4, 11: the process dies, or the power is cut, at every change.
TEST(FaultTest, TheProcessMayDieAtAnyChange) {
  for (const End& end : kEnds) {
    const uint64_t seeds = &end == &kEnds[4] ? (is_long_run() ? 200 : 2) : 1;
    for (uint64_t seed = 0; seed < seeds; ++seed) {
      for_every_call(kChanges, [&](uint64_t n) {
        return live_and_check("death at change " + std::to_string(n), end, n + 1000 * seed,
                              [&](FaultyFileSystem& files) { files.freeze_at(n); });
      });
    }
  }
}

}  // namespace
}  // namespace hailstorm::broker
