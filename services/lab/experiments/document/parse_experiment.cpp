#include <algorithm>
#include <fmt/format.h>

#include "services/lab/experiments/document/errors.h"
#include "services/lab/experiments/document/experiment.h"
#include "services/lab/experiments/document/field_reader.h"
#include "services/lab/experiments/document/parse_parts.h"
#include "services/lab/experiments/document/read_document.h"

namespace hailstorm::lab {
namespace {

constexpr size_t kMaxBackground = 16;  // threads

Status read_activities(const Node& list, const std::string& path, bool is_hypothesis,
                       std::vector<Activity>& into) {
  for (size_t i = 0; i < list.children.size(); ++i) {
    HAIL_ASSIGN_OR_RETURN(
        auto activity,
        activity_of(list.children[i], fmt::format("{}[{}]", path, i), is_hypothesis));
    into.push_back(std::move(activity));
  }
  const auto background =
      std::count_if(into.begin(), into.end(), [](const Activity& one) { return one.background; });
  if (static_cast<size_t>(background) <= kMaxBackground) return {};
  return bad_field(
      list.line, path,
      fmt::format("has {} activities in the background; {} may be", background, kMaxBackground));
}

Status read_hypothesis(const Node& node, Experiment& experiment) {
  FieldReader fields(node, "steady-state-hypothesis");
  fields.required("title", experiment.hypothesis)
      .refuse("controls", "runs code beside the experiment, which is not done here");
  const Node* probes = fields.list("probes");
  HAIL_RETURN_IF_ERROR(fields.status());
  if (probes == nullptr) return {};
  return read_activities(*probes, fields.path_of("probes"), true, experiment.probes);
}

Status read_secrets(const Node& secrets, Experiment& experiment) {
  for (size_t i = 0; i < secrets.names.size(); ++i) {
    HAIL_ASSIGN_OR_RETURN(const auto section,
                          settings_of(secrets.children[i], "secrets." + secrets.names[i]));
    experiment.secrets.insert(experiment.secrets.end(), section.begin(), section.end());
  }
  return {};
}

/// Chaos Toolkit's own words for when the hypothesis is looked at.
Moments moments_of_strategy(const std::string& strategy) {
  if (strategy == "before-method-only") return {Moment::before};
  if (strategy == "during-method-only") return {Moment::during};
  if (strategy == "after-method-only") return {Moment::after};
  return {Moment::before, Moment::during, Moment::after};
}

Status read_runtime(const Node& node, Experiment& experiment) {
  FieldReader fields(node, "runtime");
  const Node* hypothesis = fields.map("hypothesis");
  const Node* rollbacks = fields.map("rollbacks");
  HAIL_RETURN_IF_ERROR(fields.status());
  if (hypothesis != nullptr) {
    FieldReader strategy_fields(*hypothesis, fields.path_of("hypothesis"));
    std::string strategy = "continuously";
    strategy_fields.word("strategy", strategy,
                         {"default", "continuously", "before-method-only", "during-method-only",
                          "after-method-only"});
    HAIL_RETURN_IF_ERROR(strategy_fields.status());
    experiment.moments = moments_of_strategy(strategy);
  }
  if (rollbacks == nullptr) return {};
  FieldReader rollback_fields(*rollbacks, fields.path_of("rollbacks"));
  std::string strategy = "always";
  rollback_fields.word("strategy", strategy, {"always", "default"});
  return rollback_fields.status();
}

/// Each name in the extension's `when` is a probe's.
Status check_when(const Experiment& experiment, const Node& extensions) {
  for (const auto& [probe_name, moments] : experiment.hailstorm.when) {
    const std::string& name = probe_name;  // clang 14 lets no lambda see the former
    const auto& probes = experiment.probes;
    const bool is_known = std::any_of(probes.begin(), probes.end(),
                                      [&](const Activity& probe) { return probe.name == name; });
    if (!is_known) {
      return bad_field(extensions.line, "extensions.when",
                       fmt::format("names \"{}\", but the hypothesis has no such probe", name));
    }
  }
  return {};
}

void read_texts(FieldReader& fields, Experiment& experiment) {
  std::vector<std::string> tags;
  std::string version;
  fields.required("title", experiment.title)
      .required("description", experiment.description)
      .optional("version", version)
      .optional("tags", tags)
      .refuse("controls", "runs code beside the experiment, which is not done here")
      .refuse("dry", "is not done here");
  (void)fields.map("contributions");
}

}  // namespace

const Moments& Experiment::moments_of(const Activity& probe) const {
  const auto found = hailstorm.when.find(probe.name);
  return found == hailstorm.when.end() ? moments : found->second;
}

Result<Experiment> experiment_of(const Node& document) {
  Experiment experiment;
  FieldReader fields(document, "");
  read_texts(fields, experiment);
  const Node* configuration = fields.map("configuration");
  const Node* secrets = fields.map("secrets");
  const Node* hypothesis = fields.map("steady-state-hypothesis");
  const Node* method = fields.list("method", true);
  const Node* rollbacks = fields.list("rollbacks");
  const Node* runtime = fields.map("runtime");
  const Node* extensions = fields.list("extensions");
  HAIL_RETURN_IF_ERROR(fields.status());
  experiment.document = document.value();
  if (configuration != nullptr) {
    HAIL_ASSIGN_OR_RETURN(experiment.configuration, settings_of(*configuration, "configuration"));
  }
  if (secrets != nullptr) HAIL_RETURN_IF_ERROR(read_secrets(*secrets, experiment));
  if (hypothesis != nullptr) HAIL_RETURN_IF_ERROR(read_hypothesis(*hypothesis, experiment));
  HAIL_RETURN_IF_ERROR(read_activities(*method, "method", false, experiment.method));
  if (rollbacks != nullptr) {
    HAIL_RETURN_IF_ERROR(read_activities(*rollbacks, "rollbacks", false, experiment.rollbacks));
  }
  if (runtime != nullptr) HAIL_RETURN_IF_ERROR(read_runtime(*runtime, experiment));
  if (extensions != nullptr) {
    HAIL_ASSIGN_OR_RETURN(experiment.hailstorm, hailstorm_extension_of(*extensions));
    HAIL_RETURN_IF_ERROR(check_when(experiment, *extensions));
  }
  return experiment;
}

Result<Experiment> parse_experiment(std::string_view text, DocumentFormat format) {
  HAIL_ASSIGN_OR_RETURN(const Node document,
                        format == DocumentFormat::json ? read_json(text) : read_yaml(text));
  return experiment_of(document);
}

}  // namespace hailstorm::lab
