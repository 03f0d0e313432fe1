#include <algorithm>
#include <fmt/format.h>

#include "services/lab/experiments/document/errors.h"
#include "services/lab/experiments/document/field_reader.h"
#include "services/lab/experiments/document/parse_parts.h"

namespace hailstorm::lab {
namespace {

constexpr double kLongestPauseS = 3600;
constexpr double kLongestTimeoutS = 600;
constexpr const char* kNoControls = "runs code beside the experiment, which is not done here";

Status read_headers(const Node& headers, const std::string& path, Activity& activity) {
  for (size_t i = 0; i < headers.names.size(); ++i) {
    const auto* text = headers.children[i].scalar.text();
    const auto& name = headers.names[i];
    if (text == nullptr) {
      return bad_field(headers.children[i].line, path + "." + name,
                       fmt::format("is {}, not a text", headers.children[i].kind_word()));
    }
    activity.headers[name] = *text;
  }
  return {};
}

void read_provider_type(FieldReader& fields, const Node& provider) {
  std::string type;
  fields.required("type", type);
  if (!fields.ok() || type == "http") return;
  fields.note(*provider.find("type"), "type",
              fmt::format("is \"{}\": only http, to the lab's API, is run here", type));
}

/// Chaos Toolkit sends arguments as JSON only then, and as a form otherwise.
void check_arguments(FieldReader& fields, const Node& provider, const Activity& activity) {
  const auto type = activity.headers.find("Content-Type");
  const bool is_json = type != activity.headers.end() && type->second == "application/json";
  if (activity.method == "GET" || is_json) return;
  fields.note(*provider.find("arguments"), "arguments",
              "need the header Content-Type: application/json, written just so");
}

Status read_provider(const Node& provider, const std::string& path, Activity& activity) {
  FieldReader fields(provider, path);
  read_provider_type(fields, provider);
  std::vector<std::string> sections;
  bool verify_tls = true;
  fields.required("url", activity.url)
      .word("method", activity.method, {"GET", "POST", "PUT", "DELETE"})
      .optional("secrets", sections)
      .optional("verify_tls", verify_tls)
      .optional("timeout", activity.timeout_s, 0.01, kLongestTimeoutS);
  if (const Node* headers = fields.map("headers")) {
    HAIL_RETURN_IF_ERROR(read_headers(*headers, fields.path_of("headers"), activity));
  }
  if (const Node* arguments = fields.map("arguments")) {
    activity.arguments = arguments->value();
    check_arguments(fields, provider, activity);
  }
  return fields.status();
}

Status read_pauses(const Node& pauses, const std::string& path, Activity& activity) {
  FieldReader fields(pauses, path);
  fields.optional("before", activity.before_s, 0, kLongestPauseS)
      .optional("after", activity.after_s, 0, kLongestPauseS);
  return fields.status();
}

/// Gives the node of the tolerance, or null.
const Node* read_tolerance_field(FieldReader& fields, bool is_hypothesis) {
  if (is_hypothesis) return fields.any("tolerance", true);
  fields.refuse("tolerance", "counts only in the hypothesis: move the probe there");
  return nullptr;
}

}  // namespace

Result<Activity> activity_of(const Node& node, const std::string& path, bool is_hypothesis) {
  Activity activity;
  activity.line = node.line;
  activity.path = path;
  activity.document = node.value();
  FieldReader fields(node, path);
  fields.refuse("ref", "is not followed here: write the activity out")
      .refuse("controls", kNoControls)
      .refuse("dry", "is not done here");
  std::string kind = "probe";
  fields.any("type", true);
  fields.word("type", kind, {"probe", "action"});
  activity.kind = kind == "probe" ? ActivityKind::probe : ActivityKind::action;
  fields.required("name", activity.name).optional("background", activity.background);
  const Node* provider = fields.map("provider", true);
  const Node* pauses = fields.map("pauses");
  const Node* tolerance = read_tolerance_field(fields, is_hypothesis);
  HAIL_RETURN_IF_ERROR(fields.status());
  HAIL_RETURN_IF_ERROR(read_provider(*provider, fields.path_of("provider"), activity));
  if (pauses != nullptr) {
    HAIL_RETURN_IF_ERROR(read_pauses(*pauses, fields.path_of("pauses"), activity));
  }
  if (tolerance != nullptr) {
    HAIL_ASSIGN_OR_RETURN(activity.tolerance,
                          tolerance_of(*tolerance, fields.path_of("tolerance")));
  }
  return activity;
}

}  // namespace hailstorm::lab
