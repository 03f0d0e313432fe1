#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace hailstorm {

/// A number that only grows. Thread safety: safe.
class Counter {
 public:
  void add(uint64_t n = 1) noexcept { value_.fetch_add(n, std::memory_order_relaxed); }
  [[nodiscard]] uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<uint64_t> value_{0};
};

/// A number that goes up and down. Thread safety: safe.
class Gauge {
 public:
  void set(double value) noexcept { value_.store(value, std::memory_order_relaxed); }
  /// REQUIRES: no other thread changes it.
  void add(double change) noexcept { set(value() + change); }
  [[nodiscard]] double value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<double> value_{0};
};

/// Counts of observations by upper bound, with their sum. Thread safety: safe.
class Histogram {
 public:
  /// REQUIRES: `bounds` rise strictly.
  explicit Histogram(std::vector<double> bounds);
  void observe(double value) noexcept;

 private:
  friend class Metrics;
  std::vector<double> bounds_;
  std::vector<std::atomic<uint64_t>> counts_;  // one more than bounds: the last is +Inf
  std::atomic<double> sum_{0};
};

using MetricLabels = std::vector<std::pair<std::string, std::string>>;

/// The metrics of one process, written in Prometheus' text format (version 0.0.4).
/// References that it returns stay valid as long as it lives.
///
/// Thread safety: safe.
class Metrics {
 public:
  /// The metric of this name and these labels, made at the first call. `name` follows Prometheus'
  /// rules, unit last: hailstorm_fetch_bytes_total, hailstorm_answer_seconds. REQUIRES: `help` is
  /// not empty; of several for one name the first stays.
  Counter& counter(const std::string& name, const std::string& help,
                   const MetricLabels& labels = {});
  Gauge& gauge(const std::string& name, const std::string& help, const MetricLabels& labels = {});
  Histogram& histogram(const std::string& name, const std::string& help, std::vector<double> bounds,
                       const MetricLabels& labels = {});

  using Samples = std::vector<std::pair<MetricLabels, double>>;
  /// Makes these all that there is of a gauge: series that are not among them go away. For gauges
  /// of things that come and go. REQUIRES: `help` is not empty, and the name is used with this or
  /// with gauge(), not with both.
  void set_gauges(const std::string& name, const std::string& help, const Samples& samples);

  [[nodiscard]] std::string render() const;

 private:
  template <class T>
  struct Family {
    std::string help;
    std::map<std::string, T*> by_labels;
  };
  template <class T>
  using Families = std::map<std::string, Family<T>>;

  template <class T, class Make>
  T& find_or_make(Families<T>& families, const std::string& name, const std::string& help,
                  const MetricLabels& labels, const Make& make);

  mutable std::mutex mutex_;
  std::deque<Counter> counters_;
  std::deque<Gauge> gauges_;
  std::deque<Histogram> histograms_;
  Families<Counter> counter_families_;
  Families<Gauge> gauge_families_;
  Families<Histogram> histogram_families_;
  struct SampleFamily {
    std::string help;
    std::map<std::string, double> by_labels;
  };
  std::map<std::string, SampleFamily> sample_families_;
};

}  // namespace hailstorm
