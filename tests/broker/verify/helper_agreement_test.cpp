#include <fmt/format.h>
#include <random>

#include "tests/broker/verify/agreement_fixture.h"
#include "tests/support/long_run.h"

namespace hailstorm::verify {
namespace {

namespace file_names = storage::file_names;
using storage::FileSystem;

/// Indexes, checkpoint and recovery point, damaged one by one.
class HelperAgreementTest : public AgreementFixture {
 protected:
  void SetUp() override {
    config_.segment_bytes = 16 << 10;
    settings_.topics["rides"].config = config_;
    open();
    for (int i = 0; i < 90; ++i) {
      ASSERT_OK(append({std::string(400, 'x')}));
      clock_.advance_ms(1);
      if (i % 10 == 9) ASSERT_OK(log_->sync());
    }
    killed_ = files_.all_files();
    ASSERT_OK(log_->close());
    closed_ = files_.all_files();
    die();
  }
  void for_each_helper(
      const std::string& how,
      const std::function<std::optional<Contents>(const std::string&, const Contents&)>& damage) {
    for (const Files& healthy : {killed_, closed_}) {
      size_t count = 0;
      for (const auto& [name, bytes] : healthy) {
        if (name.ends_with(file_names::kLog) || name.ends_with(file_names::kPartition)) continue;
        ++count;
        const auto damaged = damage(name, bytes);
        restore(healthy);
        if (damaged) put(name, *damaged);
        if (!damaged) ASSERT_OK(files_.remove(name));
        const auto report = expect_agreement(name + " " + how);
        EXPECT_TRUE(report.opens);
        EXPECT_EQ(report.count(Severity::damaged), 0U) << name << " " << how << text_of(report);
        const bool is_marked = std::any_of(
            report.findings.begin(), report.findings.end(),
            [&](const auto& finding) { return finding.file == file_names::last_part(name); });
        named_ += is_marked ? 1 : 0;
        if (HasFailure()) return;
      }
      EXPECT_GT(count, 5U);
      helpers_ += count;
    }
  }
  Files killed_, closed_;
  size_t helpers_ = 0;
  size_t named_ = 0;
};

TEST_F(HelperAgreementTest, Garbled) {
  for_each_helper("garbled", [](const auto&, const Contents& bytes) {
    std::mt19937_64 random(1);
    Contents garbled(bytes.size() + 5);
    for (auto& byte : garbled) byte = static_cast<uint8_t>(random());
    return garbled;
  });
  EXPECT_EQ(named_, helpers_);
}

TEST_F(HelperAgreementTest, Deleted) {
  for_each_helper("deleted", [](const auto&, const auto&) { return std::nullopt; });
  EXPECT_GE(named_, helpers_ - 4) << "of the marks none is missed: a new partition has none";
}

TEST_F(HelperAgreementTest, EmptiedZeroedOrCut) {
  for_each_helper("emptied", [](const auto&, const auto&) { return Contents(); });
  for_each_helper("zeroed",
                  [](const auto&, const auto& bytes) { return Contents(bytes.size(), 0); });
  for (size_t cut = 1; cut < 40; ++cut) {
    for_each_helper(fmt::format("{} bytes shorter", cut), [&](const auto&, const Contents& bytes) {
      return Contents(bytes.begin(),
                      bytes.end() - static_cast<std::ptrdiff_t>(std::min(cut, bytes.size())));
    });
  }
}

TEST_F(HelperAgreementTest, AnyFlippedBitOfAnIndexIsNamed) {
  for (const auto& [name, bytes] : closed_) {
    if (!name.ends_with("index")) continue;
    for (size_t bit = 0; bit < 8 * bytes.size(); bit += hailstorm::testing::is_long_run() ? 1 : 5) {
      Contents flipped = bytes;
      flipped[bit / 8] ^= static_cast<uint8_t>(1u << (bit % 8));
      restore(closed_);
      put(name, flipped);
      const auto report = expect_agreement(fmt::format("{} bit {}", name, bit));
      ASSERT_EQ(report.findings.size(), 1U) << name << " bit " << bit << text_of(report);
      ASSERT_EQ(report.findings[0].file, file_names::last_part(name));
    }
  }
}

// A checkpoint that names more than there is shows a loss.
TEST_F(HelperAgreementTest, MarksFromTheFutureAreRefusedByBoth) {
  for (const auto name : {file_names::kCheckpoint, file_names::kRecoveryPoint}) {
    restore(closed_);
    open();
    for (int i = 0; i < 90; ++i) ASSERT_OK(append({std::string(400, 'x')}));
    ASSERT_OK(log_->close());
    const Contents future = files_.all_files().at(in_folder(name));
    restore(closed_);
    put(in_folder(name), future);
    const auto report = expect_agreement(std::string(name) + " from the future");
    EXPECT_FALSE(report.opens) << text_of(report);
  }
}

}  // namespace
}  // namespace hailstorm::verify
