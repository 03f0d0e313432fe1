#include "services/lab/experiments/document/plan.h"

#include <algorithm>
#include <fmt/format.h>

#include "common/base/address.h"
#include "services/lab/experiments/document/errors.h"
#include "services/lab/experiments/document/json_path.h"
#include "services/lab/experiments/document/regex_text.h"

namespace hailstorm::lab {
namespace {

std::string percent_encoded(std::string_view text) {
  std::string encoded;
  for (const char one : text) {
    const bool is_plain = (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z') ||
                          (one >= '0' && one <= '9') || one == '-' || one == '_' || one == '.';
    if (is_plain) {
      encoded += one;
    } else {
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(one));
    }
  }
  return encoded;
}

/// "path?name=value&…"
std::string with_query(std::string path, const json::Value& arguments) {
  const auto* members = arguments.members();
  if (members == nullptr) return path;
  char between = path.find('?') == std::string::npos ? '?' : '&';
  for (const auto& one : *members) {
    const auto* text = one.value.text();
    path += between + percent_encoded(one.name) + '=' +
            percent_encoded(text != nullptr ? *text : json::to_text(one.value));
    between = '&';
  }
  return path;
}

bool is_same_host(const std::string& one, const std::string& other) {
  const auto is_here = [](const std::string& host) {
    return host == "localhost" || host == "127.0.0.1" || host == "::1";
  };
  return one == other || (is_here(one) && is_here(other));
}

/// The path of an address of the lab's API.
Result<std::string> path_in_api(const std::string& address, const Activity& activity,
                                const Address& lab) {
  const std::string field = activity.path + ".provider.url";
  const auto url = parse_url(address, "http");
  if (!url.ok()) return bad_field(activity.line, field, url.error().message());
  const bool is_lab = url->address.port == lab.port && is_same_host(url->address.host, lab.host);
  const bool is_printable = std::all_of(url->path.begin(), url->path.end(),
                                        [](char one) { return one > ' ' && one < '\x7f'; });
  if (is_lab && is_printable && url->path.starts_with("/api/")) return url->path;
  return bad_field(activity.line, field,
                   fmt::format("is {}: only the lab's API is reached from here, http://{}/api/…",
                               address, to_text(lab)));
}

/// The texts of a tolerance may name variables, too.
Status replace_in_tolerance(Activity& activity, const Variables& variables) {
  if (!activity.tolerance) return {};
  Tolerance& tolerance = *activity.tolerance;
  const std::string path = activity.path + ".tolerance";
  HAIL_ASSIGN_OR_RETURN(tolerance.pattern, variables.text(tolerance.pattern, activity.line, path));
  if (tolerance.expect) {
    HAIL_ASSIGN_OR_RETURN(tolerance.expect,
                          variables.replaced(*tolerance.expect, activity.line, path));
  }
  if (tolerance.kind == Tolerance::Kind::regex) {
    const auto problem = problem_of_pattern(tolerance.pattern);
    if (!problem.empty()) return bad_field(activity.line, path + ".pattern", problem);
  }
  if (tolerance.kind == Tolerance::Kind::jsonpath) {
    const auto parsed = JsonPath::parse(tolerance.pattern);
    if (!parsed.ok()) return bad_field(activity.line, path + ".path", parsed.error().message());
  }
  return {};
}

Result<PlannedActivity> planned(const Activity& activity, const Variables& variables,
                                const Address& lab) {
  PlannedActivity plan;
  plan.activity = activity;
  plan.timeout_ms = static_cast<int>(activity.timeout_s * 1000);
  HAIL_RETURN_IF_ERROR(replace_in_tolerance(plan.activity, variables));
  plan.request.method = activity.method;
  const std::string path = activity.path + ".provider";
  for (const auto& [name, value] : activity.headers) {
    HAIL_ASSIGN_OR_RETURN(plan.request.headers[name],
                          variables.text(value, activity.line, path + ".headers." + name));
  }
  HAIL_ASSIGN_OR_RETURN(const auto arguments,
                        variables.replaced(activity.arguments, activity.line, path + ".arguments"));
  HAIL_ASSIGN_OR_RETURN(const auto address,
                        variables.text(activity.url, activity.line, path + ".url"));
  HAIL_ASSIGN_OR_RETURN(plan.request.path, path_in_api(address, activity, lab));
  if (activity.method == "GET") {
    plan.request.path = with_query(plan.request.path, arguments);
  } else if (arguments.members() != nullptr) {
    plan.request.body = json::to_text(arguments);
  }
  return plan;
}

Status plan_all(const std::vector<Activity>& activities, const Variables& variables,
                const Address& lab, std::vector<PlannedActivity>& into) {
  for (const auto& activity : activities) {
    HAIL_ASSIGN_OR_RETURN(auto plan, planned(activity, variables, lab));
    into.push_back(std::move(plan));
  }
  return {};
}

}  // namespace

Result<ExperimentPlan> plan_of(const Experiment& experiment, const Address& lab,
                               const Environment& environment) {
  HAIL_ASSIGN_OR_RETURN(const Variables variables, Variables::of(experiment, environment));
  ExperimentPlan plan;
  HAIL_RETURN_IF_ERROR(plan_all(experiment.probes, variables, lab, plan.probes));
  HAIL_RETURN_IF_ERROR(plan_all(experiment.method, variables, lab, plan.method));
  HAIL_RETURN_IF_ERROR(plan_all(experiment.rollbacks, variables, lab, plan.rollbacks));
  return plan;
}

}  // namespace hailstorm::lab
