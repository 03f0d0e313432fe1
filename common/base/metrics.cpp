#include "common/base/metrics.h"

#include <algorithm>
#include <fmt/format.h>

#include "common/base/check.h"
#include "common/base/text.h"

namespace hailstorm {
namespace {

/// Backslash, quote and line end as Prometheus escapes them. A byte that is no UTF-8 is U+FFFD, x
/// and its digits; a character that would break the page or a terminal that shows it is U+FFFD, u
/// and its digits. Names that differ stay series that differ: equal ones would spoil the whole
/// page.
std::string escaped(std::string_view text) {
  constexpr std::string_view kMark = "\xef\xbf\xbd";
  std::string out;
  while (!text.empty()) {
    const Character character = first_character(text);
    const size_t count = std::max<size_t>(character.bytes, 1);
    const char c = text.front();
    if (c == '\n') {
      out += "\\n";
    } else if (character.bytes == 0) {
      out += fmt::format("{}x{:02x}", kMark, static_cast<uint8_t>(c));
    } else if (is_unprintable(character.code) || text.starts_with(kMark)) {
      out += fmt::format("{}u{:04x}", kMark, static_cast<uint32_t>(character.code));
    } else {
      if (c == '\\' || c == '"') out += '\\';
      out += text.substr(0, count);
    }
    text.remove_prefix(count);
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

template <class T, class Make>
T& Metrics::find_or_make(Families<T>& families, const std::string& name, const std::string& help,
                         const MetricLabels& labels, const Make& make) {
  HAIL_CHECK(!help.empty());
  const std::lock_guard lock(mutex_);
  auto& family = families[name];
  if (family.help.empty()) family.help = help;
  T*& metric = family.by_labels[render_labels(labels)];
  if (metric == nullptr) metric = &make();
  return *metric;
}

Counter& Metrics::counter(const std::string& name, const std::string& help,
                          const MetricLabels& labels) {
  return find_or_make(counter_families_, name, help, labels,
                      [&]() -> Counter& { return counters_.emplace_back(); });
}

Gauge& Metrics::gauge(const std::string& name, const std::string& help,
                      const MetricLabels& labels) {
  return find_or_make(gauge_families_, name, help, labels,
                      [&]() -> Gauge& { return gauges_.emplace_back(); });
}

Histogram& Metrics::histogram(const std::string& name, const std::string& help,
                              std::vector<double> bounds, const MetricLabels& labels) {
  return find_or_make(histogram_families_, name, help, labels,
                      [&]() -> Histogram& { return histograms_.emplace_back(std::move(bounds)); });
}

void Metrics::set_gauges(const std::string& name, const std::string& help, const Samples& samples) {
  HAIL_CHECK(!help.empty());
  SampleFamily family{help, {}};
  for (const auto& [labels, value] : samples) family.by_labels[render_labels(labels)] = value;
  const std::lock_guard lock(mutex_);
  sample_families_[name] = std::move(family);
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
  for (const auto& [name, family] : sample_families_) {
    if (!family.by_labels.empty()) head(name, family.help, "gauge");
    for (const auto& [labels, value] : family.by_labels) {
      out += fmt::format("{} {}\n", sample_name(name, labels), value);
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
