#include "broker/groups/topic_pattern.h"

#include <algorithm>
#include <re2/re2.h>
#include <utility>

namespace hailstorm::groups {
namespace {

constexpr size_t kMaxPatternBytes = 1000;
constexpr int64_t kMaxProgramBytes = 1 << 20;

}  // namespace

TopicPattern::TopicPattern(std::unique_ptr<re2::RE2> expression)
    : expression_(std::move(expression)) {}
TopicPattern::TopicPattern(TopicPattern&&) noexcept = default;
TopicPattern& TopicPattern::operator=(TopicPattern&&) noexcept = default;
TopicPattern::~TopicPattern() = default;

Result<TopicPattern> TopicPattern::make(const std::string& text) {
  if (text.size() > kMaxPatternBytes)
    return Error(PatternErrc::not_a_pattern, "a regular expression has at most 1000 bytes");
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMaxProgramBytes);
  auto expression = std::make_unique<re2::RE2>(text, options);
  if (!expression->ok()) {
    return Error(PatternErrc::not_a_pattern,
                 "'" + text + "' is no regular expression: " + expression->error());
  }
  return TopicPattern(std::move(expression));
}

std::vector<std::string> TopicPattern::matching(const TopicCatalog& catalog) const {
  std::vector<std::string> topics = catalog.topics();
  std::erase_if(topics,
                [&](const auto& topic) { return !re2::RE2::FullMatch(topic, *expression_); });
  return topics;
}

std::vector<std::string> subscription_of(std::vector<std::string> names, const std::string& pattern,
                                         const TopicCatalog& catalog) {
  std::vector<std::string> topics = std::move(names);
  if (!pattern.empty()) {
    if (const auto made = TopicPattern::make(pattern); made.ok()) {
      for (std::string& topic : made->matching(catalog)) topics.push_back(std::move(topic));
    }
  }
  std::sort(topics.begin(), topics.end());
  topics.erase(std::unique(topics.begin(), topics.end()), topics.end());
  return topics;
}

}  // namespace hailstorm::groups
