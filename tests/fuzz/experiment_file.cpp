#include <optional>
#include <string>

#include "common/base/check.h"
#include "services/lab/experiments/document/experiment.h"
#include "services/lab/experiments/document/node.h"
#include "services/lab/experiments/document/plan.h"
#include "services/lab/experiments/document/read_document.h"
#include "tests/fuzz/targets.h"

namespace hailstorm::fuzz {
namespace {

std::optional<std::string> no_variable(const std::string& /*name*/) { return {}; }

/// Each refusal says where.
void check_refusal(const Error& error) {
  HAIL_CHECK(error.message().starts_with("line ") && error.message().size() > 8);
}

void check_whole(const lab::Experiment& experiment) {
  HAIL_CHECK(!experiment.title.empty() && !experiment.description.empty());
  for (const auto& probe : experiment.probes) HAIL_CHECK(probe.tolerance.has_value());
  // What is read once can be written for a journal, and read again.
  const std::string text = json::to_text(experiment.document);
  if (text.size() > lab::kMaxDocumentBytes) return;
  const auto again = lab::parse_experiment(text, lab::DocumentFormat::json);
  HAIL_CHECK(again.ok());
  HAIL_CHECK(json::to_text(again->document) == text);
}

void parse(std::string_view text, lab::DocumentFormat format) {
  const auto experiment = lab::parse_experiment(text, format);
  if (!experiment.ok()) return check_refusal(experiment.error());
  check_whole(*experiment);
  const auto plan = lab::plan_of(*experiment, {"127.0.0.1", 7408}, no_variable);
  if (!plan.ok()) return check_refusal(plan.error());
  for (const auto& planned : plan->method) {
    HAIL_CHECK(planned.request.path.starts_with("/api/"));
  }
}

}  // namespace

void experiment_file(Bytes input) {
  const std::string_view text = as_text(input);
  parse(text, lab::DocumentFormat::yaml);
  parse(text, lab::DocumentFormat::json);
}

}  // namespace hailstorm::fuzz
