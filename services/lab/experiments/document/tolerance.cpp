#include "services/lab/experiments/document/tolerance.h"

#include <algorithm>
#include <fmt/format.h>

#include "common/base/number_text.h"
#include "common/base/text.h"
#include "services/lab/experiments/document/errors.h"
#include "services/lab/experiments/document/field_reader.h"
#include "services/lab/experiments/document/json_path.h"
#include "services/lab/experiments/document/regex_text.h"

namespace hailstorm::lab {
namespace {

constexpr size_t kMaxSeenBytes = 120;

Result<Tolerance> statuses_of(const Node& node, const std::string& path) {
  Tolerance tolerance;
  const std::vector<Node> one = {node};
  for (const auto& status : node.kind == Node::Kind::list ? node.children : one) {
    const auto number = status.scalar.integer();
    if (!number || *number < 100 || *number > 599) {
      return bad_field(status.line, path,
                       "is compared with the answer's HTTP status: give 200, or [200, 204]; for "
                       "the body give a map with type range, regex or jsonpath");
    }
    tolerance.statuses.push_back(*number);
  }
  if (tolerance.statuses.empty()) return bad_field(node.line, path, "is empty");
  return tolerance;
}

void read_range(FieldReader& fields, Tolerance& tolerance) {
  const Node* range = fields.list("range", true);
  if (range == nullptr) return;
  const bool are_two = range->children.size() == 2 && range->children[0].scalar.number() &&
                       range->children[1].scalar.number();
  if (!are_two) return fields.note(*range, "range", "is a list of two numbers: [LEAST, MOST]");
  tolerance.least = *range->children[0].scalar.number();
  tolerance.most = *range->children[1].scalar.number();
  if (tolerance.least > tolerance.most) fields.note(*range, "range", "ends before it begins");
}

/// Then it is read once the variable is replaced.
bool names_a_variable(const std::string& pattern) {
  return pattern.find("${") != std::string::npos;
}

void read_json_path(const Node& node, FieldReader& fields, Tolerance& tolerance) {
  fields.required("path", tolerance.pattern);
  if (const Node* count = fields.any("count")) {
    tolerance.count = count->scalar.integer();
    if (!tolerance.count) fields.note(*count, "count", "is no whole number");
  }
  if (const Node* expect = fields.any("expect")) tolerance.expect = expect->value();
  if (!fields.ok() || names_a_variable(tolerance.pattern)) return;
  const auto parsed = JsonPath::parse(tolerance.pattern);
  if (!parsed.ok()) fields.note(node, "path", parsed.error().message());
}

const json::Value* target_of(const Tolerance& tolerance, const ProbeAnswer& answer) {
  return tolerance.target == "headers" ? &answer.headers : &answer.body;
}

std::string shown(const json::Value& value) {
  const std::string text = json::to_text(value);
  return shortened(text, kMaxSeenBytes);
}

Measured measure_status(const Tolerance& tolerance, const ProbeAnswer& answer) {
  const auto& right = tolerance.statuses;
  std::string words;
  for (const auto status : right) words += fmt::format("{}{}", words.empty() ? "" : " or ", status);
  return {std::find(right.begin(), right.end(), answer.status) != right.end(),
          fmt::format("HTTP {}; {} is right", answer.status, words)};
}

Measured measure_range(const Tolerance& tolerance, const ProbeAnswer& answer) {
  std::optional<double> number = answer.status;
  if (tolerance.target != "status") {
    number = answer.body.number();
    if (const auto* text = answer.body.text()) number = decimal_number(*text);
  }
  const std::string right = fmt::format("{} to {} is right", tolerance.least, tolerance.most);
  if (!number) return {false, fmt::format("{} is no number; {}", shown(answer.body), right)};
  return {*number >= tolerance.least && *number <= tolerance.most,
          fmt::format("{:.6g}; {}", *number, right)};
}

Measured measure_regex(const Tolerance& tolerance, const ProbeAnswer& answer) {
  const auto* text = answer.body.text();
  if (text == nullptr) return {false, "the body is JSON, and a regex reads text"};
  return {is_found(tolerance.pattern, *text),
          fmt::format("{}; what matches {} is right", shown(answer.body), tolerance.pattern)};
}

json::Value whole_of(const ProbeAnswer& answer) {
  return {{"status", answer.status}, {"headers", answer.headers}, {"body", answer.body}};
}

Measured measure_json_path(const Tolerance& tolerance, const ProbeAnswer& answer) {
  const auto path = JsonPath::parse(tolerance.pattern);
  if (!path.ok()) return {false, path.error().message()};
  const auto found =
      path->find(tolerance.target.empty() ? whole_of(answer) : *target_of(tolerance, answer));
  bool is_met =
      tolerance.count ? *tolerance.count == static_cast<int64_t>(found.size()) : !found.empty();
  json::Value all = json::Value::array();
  for (const auto& one : found) all.push_back(one);
  if (tolerance.expect) {
    json::Value expected = json::Value::array();
    if (tolerance.expect->elements() != nullptr) {
      expected = *tolerance.expect;
    } else {
      expected.push_back(*tolerance.expect);
    }
    is_met = json::to_sorted_text(all) == json::to_sorted_text(expected);
  }
  return {is_met, fmt::format("{} leads to {}", tolerance.pattern, shown(all))};
}

}  // namespace

Result<Tolerance> tolerance_of(const Node& node, const std::string& path) {
  if (node.kind != Node::Kind::map) return statuses_of(node, path);
  Tolerance tolerance;
  std::string type;
  FieldReader fields(node, path);
  fields.any("type", true);
  fields.word("type", type, {"range", "regex", "jsonpath"});
  if (type == "range") {
    tolerance.kind = Tolerance::Kind::range;
    fields.required("target", tolerance.target)
        .word("target", tolerance.target, {"body", "status"});
    read_range(fields, tolerance);
  } else if (type == "regex") {
    tolerance.kind = Tolerance::Kind::regex;
    fields.required("target", tolerance.target).word("target", tolerance.target, {"body"});
    fields.required("pattern", tolerance.pattern);
    const auto problem =
        names_a_variable(tolerance.pattern) ? std::string() : problem_of_pattern(tolerance.pattern);
    if (!problem.empty()) fields.note(node, "pattern", problem);
  } else if (type == "jsonpath") {
    tolerance.kind = Tolerance::Kind::jsonpath;
    fields.word("target", tolerance.target, {"body", "headers"});
    read_json_path(node, fields, tolerance);
  }
  HAIL_RETURN_IF_ERROR(fields.status());
  return tolerance;
}

Measured measure(const Tolerance& tolerance, const ProbeAnswer& answer) {
  switch (tolerance.kind) {
    case Tolerance::Kind::status:
      return measure_status(tolerance, answer);
    case Tolerance::Kind::regex:
      return measure_regex(tolerance, answer);
    case Tolerance::Kind::range:
      return measure_range(tolerance, answer);
    case Tolerance::Kind::jsonpath:
      return measure_json_path(tolerance, answer);
  }
  return {};
}

}  // namespace hailstorm::lab
