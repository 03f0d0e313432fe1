#include "broker/cli/latency_histogram.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <random>
#include <vector>

namespace hailstorm::cli {
namespace {

TEST(LatencyHistogramTest, EmptyHasNothing) {
  const LatencyHistogram empty;
  EXPECT_EQ(empty.count(), 0);
  EXPECT_EQ(empty.percentile_us(0.99), 0);
  EXPECT_EQ(empty.bars(), "");
}

TEST(LatencyHistogramTest, PercentilesAreThoseOfTheSortedValuesToTwoPercent) {
  for (uint64_t seed = 1; seed <= 50; ++seed) {
    std::mt19937_64 random(seed);
    std::vector<int64_t> values(1 + random() % 2'000);
    LatencyHistogram histogram;
    for (auto& value : values) {
      value = static_cast<int64_t>(random() >> (24 + random() % 40));
      histogram.add(value);
    }
    std::sort(values.begin(), values.end());
    EXPECT_EQ(histogram.max_us(), values.back());
    for (const double share : {0.0, 0.5, 0.9, 0.99, 0.999, 1.0}) {
      const double rank = std::max(1.0, std::ceil(share * static_cast<double>(values.size())));
      const int64_t exact = values[static_cast<size_t>(rank) - 1];
      const int64_t shown = histogram.percentile_us(share);
      EXPECT_GE(shown, exact) << "seed " << seed << " at " << share;
      EXPECT_LE(shown, exact + exact / 63) << "seed " << seed << " at " << share;
    }
  }
}

TEST(LatencyHistogramTest, ImpossibleTimesAreTakenAsTheNearestPossible) {
  LatencyHistogram histogram;
  histogram.add(-5);
  EXPECT_EQ(histogram.percentile_us(1), 0);
  histogram.add(INT64_MAX);
  EXPECT_EQ(histogram.max_us(), int64_t{1} << 40);
  EXPECT_EQ(histogram.percentile_us(1), int64_t{1} << 40);
}

TEST(LatencyHistogramTest, BarsShowWhereTheTimesLie) {
  LatencyHistogram histogram;
  histogram.add(3, 30);
  histogram.add(1'500, 10);
  EXPECT_EQ(histogram.bars(),
            "      2 us to     4 us   75.00 %  ########################################\n"
            "    1.0 ms to   2.0 ms   25.00 %  #############\n");
}

TEST(LatencyHistogramTest, DurationsHaveUnits) {
  EXPECT_EQ(duration_text(999), "999 us");
  EXPECT_EQ(duration_text(1'500), "1.5 ms");
  EXPECT_EQ(duration_text(2'000'000), "2.0 s");
}

}  // namespace
}  // namespace hailstorm::cli
