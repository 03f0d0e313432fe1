#include <algorithm>
#include <fmt/format.h>
#include <optional>

#include "services/lab/experiments/document/errors.h"
#include "services/lab/experiments/document/field_reader.h"
#include "services/lab/experiments/document/parse_parts.h"

namespace hailstorm::lab {
namespace {

constexpr double kHighestRate = 10'000;
constexpr double kLargestSeed = 9e15;  // a double holds every whole number up to there

void read_traffic(FieldReader& fields, HailstormExtension& extension) {
  const Node* node = fields.map("traffic");
  if (node == nullptr) return;
  ExperimentTraffic traffic;
  FieldReader traffic_fields(*node, fields.path_of("traffic"));
  traffic_fields.optional("rate", traffic.rate, 0.1, kHighestRate).optional("lanes", traffic.lanes);
  for (const auto& lane : traffic.lanes) {
    if (lane == "log" || lane == "chain") continue;
    traffic_fields.note(*node->find("lanes"), "lanes",
                        fmt::format("has \"{}\" in it: give log, chain", lane));
  }
  const Status status = traffic_fields.status();
  if (!status.ok()) return fields.fail(status.error());
  extension.traffic = std::move(traffic);
}

void read_predictions(FieldReader& fields, HailstormExtension& extension) {
  const Node* predict = fields.map("predict");
  if (predict == nullptr) return;
  FieldReader predict_fields(*predict, fields.path_of("predict"));
  const Node* blast = predict_fields.map("blast", true);
  if (blast != nullptr) {
    FieldReader blast_fields(*blast, predict_fields.path_of("blast"));
    for (const auto& name : blast->names) {
      blast_fields.word(name, extension.predictions[name], {"hurt", "calm"});
    }
    const Status status = blast_fields.status();
    if (!status.ok()) return fields.fail(status.error());
  }
  const Status status = predict_fields.status();
  if (!status.ok()) fields.fail(status.error());
}

void read_unsafe(FieldReader& fields, HailstormExtension& extension) {
  const Node* unsafe = fields.map("unsafe");
  if (unsafe == nullptr) return;
  FieldReader guards(*unsafe, fields.path_of("unsafe"));
  for (const auto& service : unsafe->names) guards.optional(service, extension.unsafe[service]);
  const Status status = guards.status();
  if (!status.ok()) fields.fail(status.error());
}

std::optional<Moment> moment_of(std::string_view word) {
  for (const Moment moment : {Moment::before, Moment::during, Moment::after}) {
    if (name_of(moment) == word) return moment;
  }
  return {};
}

void read_when(FieldReader& fields, HailstormExtension& extension) {
  const Node* when = fields.map("when");
  if (when == nullptr) return;
  FieldReader probes(*when, fields.path_of("when"));
  for (const auto& probe : when->names) {
    std::vector<std::string> words;
    probes.optional(probe, words);
    Moments& moments = extension.when[probe];
    for (const auto& word : words) {
      const auto moment = moment_of(word);
      if (moment) {
        moments.insert(*moment);
      } else {
        probes.note(*when->find(probe), probe,
                    fmt::format("has \"{}\" in it: give before, during, after", word));
      }
    }
  }
  const Status status = probes.status();
  if (!status.ok()) fields.fail(status.error());
}

Result<HailstormExtension> extension_of(const Node& node, const std::string& path) {
  HailstormExtension extension;
  FieldReader fields(node, path);
  std::string name;
  double seed = 1;
  fields.required("name", name)
      .optional("seed", seed, 0, kLargestSeed)
      .optional("every", extension.every_s, 0.1, 60)
      .word("flush", extension.flush, {"always", "interval"});
  if (node.find("seed") != nullptr) extension.seed = static_cast<int64_t>(seed);
  read_traffic(fields, extension);
  read_predictions(fields, extension);
  read_unsafe(fields, extension);
  read_when(fields, extension);
  HAIL_RETURN_IF_ERROR(fields.status());
  return extension;
}

}  // namespace

std::string_view name_of(Moment moment) {
  switch (moment) {
    case Moment::before:
      return "before";
    case Moment::during:
      return "during";
    case Moment::after:
      return "after";
  }
  return "unknown";
}

Result<HailstormExtension> hailstorm_extension_of(const Node& extensions) {
  for (size_t i = 0; i < extensions.children.size(); ++i) {
    const Node& one = extensions.children[i];
    const Node* name = one.find("name");
    const auto* text = name == nullptr ? nullptr : name->scalar.text();
    if (text == nullptr || text->empty()) {
      return bad_field(one.line, fmt::format("extensions[{}].name", i), "is missing");
    }
    if (*text == "hailstorm") return extension_of(one, fmt::format("extensions[{}]", i));
  }
  return HailstormExtension();
}

}  // namespace hailstorm::lab
