#include "services/lab/lessons/shipped_documents.h"

#include <algorithm>

#include "common/base/check.h"
#include "common/base/text.h"
#include "services/lab/api/errors.h"
#include "services/lab/experiments/document/experiment.h"
#include "services/lab/lessons/shipped_texts.h"

namespace hailstorm::lab {
namespace {

Result<ShippedText> text_named(const std::vector<ShippedText>& texts, const std::string& name) {
  const auto found = std::find_if(texts.begin(), texts.end(),
                                  [&](const ShippedText& one) { return one.name == name; });
  if (found != texts.end()) return *found;
  std::string names;
  for (const auto& one : texts) names += (names.empty() ? "" : ", ") + std::string(one.name);
  return Error(ApiErrc::not_found, "there is no " + printable(name) + ": there are " + names);
}

/// A lesson begins with "# TITLE".
std::string title_of(const ShippedText& lesson) {
  const auto line = lesson.text.substr(0, lesson.text.find('\n'));
  return std::string(line.substr(line.find_first_not_of("# ")));
}

json::Value head_of(const ShippedText& lesson) {
  return {{"name", lesson.name}, {"title", title_of(lesson)}};
}

Experiment parsed(const ShippedText& file) {
  auto experiment = parse_experiment(file.text, DocumentFormat::yaml);
  HAIL_CHECK(experiment.ok());  // a test reads each of them
  return std::move(*experiment);
}

json::Value head_of(const ShippedText& file, const Experiment& experiment) {
  return {{"name", file.name},
          {"title", experiment.title},
          {"description", experiment.description},
          {"needs_own_platform", experiment.hailstorm.needs_own_platform()}};
}

}  // namespace

json::Value lesson_list() {
  json::Value all = json::Value::array();
  for (const auto& lesson : shipped_lessons()) all.push_back(head_of(lesson));
  return {{"lessons", std::move(all)}};
}

Result<json::Value> lesson_named(const std::string& name) {
  HAIL_ASSIGN_OR_RETURN(const auto lesson, text_named(shipped_lessons(), name));
  json::Value found = head_of(lesson);
  found.add("text", lesson.text);
  return found;
}

json::Value experiment_file_list() {
  json::Value all = json::Value::array();
  for (const auto& file : shipped_experiments()) all.push_back(head_of(file, parsed(file)));
  return {{"experiments", std::move(all)}};
}

Result<json::Value> experiment_file_named(const std::string& name) {
  HAIL_ASSIGN_OR_RETURN(const auto file, text_named(shipped_experiments(), name));
  const Experiment experiment = parsed(file);
  json::Value found = head_of(file, experiment);
  found.add("text", file.text);
  found.add("document", experiment.document);
  return found;
}

}  // namespace hailstorm::lab
