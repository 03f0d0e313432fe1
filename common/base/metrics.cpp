#include "common/base/metrics.h"

#include <algorithm>
#include <fmt/format.h>

#include "common/base/check.h"

namespace hailstorm {
namespace {

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out;
}

std::string render_labels(const MetricLabels& labels) {
  std::string out;
  for (const auto& [name, value] : labels) {
    out += fmt::format("{}{}=\"{}\"", out.empty() ? "" : ",", name, escaped(value));
  }
  return out;
}

std::string sample_name(const std::string& name, const std::string& labels) {
  return labels.empty() ? name : fmt::format("{}{{{}}}", name, labels);
}

}  // namespace

Histogram::Histogram(std::vector<double> bounds)
    : bounds_(std::move(bounds)), counts_(bounds_.size() + 1) {
  HAIL_CHECK(std::is_sorted(bounds_.begin(), bounds_.end()));
}

void Histogram::observe(double value) noexcept {
  const auto bound = std::lower_bound(bounds_.begin(), bounds_.end(), value);
  counts_[static_cast<size_t>(bound - bounds_.begin())].fetch_add(1, std::memory_order_relaxed);
  sum_.fetch_add(value, std::memory_order_relaxed);
}

Counter& Metrics::counter(const std::string& name, const std::string& help,
                          const MetricLabels& labels) {
  const std::lock_guard lock(mutex_);
  auto& family = counter_families_[name];
  family.help = help;
  auto*& slot = family.by_labels[render_labels(labels)];
  if (slot == nullptr) slot = &counters_.emplace_back();
  return *slot;
}

Gauge& Metrics::gauge(const std::string& name, const std::string& help,
                      const MetricLabels& labels) {
  const std::lock_guard lock(mutex_);
  auto& family = gauge_families_[name];
  family.help = help;
  auto*& slot = family.by_labels[render_labels(labels)];
  if (slot == nullptr) slot = &gauges_.emplace_back();
  return *slot;
}

Histogram& Metrics::histogram(const std::string& name, const std::string& help,
                              std::vector<double> bounds, const MetricLabels& labels) {
  const std::lock_guard lock(mutex_);
  auto& family = histogram_families_[name];
  family.help = help;
  auto*& slot = family.by_labels[render_labels(labels)];
  if (slot == nullptr) slot = &histograms_.emplace_back(std::move(bounds));
  return *slot;
}

std::string Metrics::render() const {
  const std::lock_guard lock(mutex_);
  std::string out;
  const auto head = [&out](const std::string& name, const std::string& help, const char* type) {
    out += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
  };
  for (const auto& [name, family] : counter_families_) {
    head(name, family.help, "counter");
    for (const auto& [labels, metric] : family.by_labels) {
      out += fmt::format("{} {}\n", sample_name(name, labels), metric->value());
    }
  }
  for (const auto& [name, family] : gauge_families_) {
    head(name, family.help, "gauge");
    for (const auto& [labels, metric] : family.by_labels) {
      out += fmt::format("{} {}\n", sample_name(name, labels), metric->value());
    }
  }
  for (const auto& [name, family] : histogram_families_) {
    head(name, family.help, "histogram");
    for (const auto& [labels, metric] : family.by_labels) {
      const std::string comma = labels.empty() ? "" : labels + ",";
      uint64_t running = 0;
      for (size_t i = 0; i < metric->counts_.size(); ++i) {
        running += metric->counts_[i].load(std::memory_order_relaxed);
        const std::string bound =
            i < metric->bounds_.size() ? fmt::format("{}", metric->bounds_[i]) : "+Inf";
        out += fmt::format("{}_bucket{{{}le=\"{}\"}} {}\n", name, comma, bound, running);
      }
      out += fmt::format("{} {}\n", sample_name(name + "_sum", labels),
                         metric->sum_.load(std::memory_order_relaxed));
      out += fmt::format("{} {}\n", sample_name(name + "_count", labels), running);
    }
  }
  return out;
}

}  // namespace hailstorm
