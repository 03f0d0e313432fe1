#pragma once

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <string>

#include "services/city/pickup_file.h"
#include "tests/support/matchers.h"
#include "tests/support/temp_folder.h"

namespace hailstorm::city {

inline constexpr int64_t kElevenPastMidnightMs = 1'396'311'060'000;  // 2014-04-01T00:11:00Z

/// Reads texts as files.
class PickupFileFixture : public ::testing::Test {
 protected:
  Result<PickupFile> read(const std::string& text) {
    const auto path = folder_.path() / "pickups.csv";
    std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
    return PickupFile::read(path);
  }
  /// One row, the same however it is spelled.
  void expect_the_row(const std::string& text) {
    SCOPED_TRACE(text);
    const auto file = read(text);
    ASSERT_OK(file);
    ASSERT_EQ(file->pickups().size(), 1U);
    EXPECT_EQ(file->pickups()[0].time_ms, kElevenPastMidnightMs);
    EXPECT_EQ(file->pickups()[0].place, (events::GeoPoint{40.769, -73.9549}));
    EXPECT_EQ(file->skipped().count(), 0);
  }
  /// The error's message holds `words`, and what was expected.
  void expect_unknown(const std::string& text, const std::string& words) {
    SCOPED_TRACE(text);
    const auto file = read(text);
    EXPECT_FAILS_WITH(file, CityErrc::unknown_format);
    EXPECT_NE(file.error().message().find(words), std::string::npos) << file.error().message();
    EXPECT_NE(file.error().message().find("pickups.csv"), std::string::npos);
  }

  testing::TempFolder folder_;
};

}  // namespace hailstorm::city
