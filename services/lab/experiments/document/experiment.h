#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/json/json.h"
#include "services/lab/experiments/document/node.h"
#include "services/lab/experiments/document/tolerance.h"

/// An experiment as its file has it: a Chaos Toolkit document of which only requests to the lab's
/// API are run, with what the extension "hailstorm" adds. Values and pure functions: safe from any
/// thread.
namespace hailstorm::lab {

/// A value of the sections `configuration` and `secrets`: written there, or taken from a variable
/// of the environment.
struct Setting {
  size_t line = 0;
  std::string name;
  std::string env;  // empty: the value is written here
  std::optional<json::Value> value;
  std::string type = "str";  // of a variable: str, int, float, bool
};

enum class ActivityKind { probe, action };

struct Activity {
  ActivityKind kind = ActivityKind::probe;
  size_t line = 0;
  std::string path;  // "method[0]"
  std::string name;
  std::string method = "GET";
  std::string url;
  std::map<std::string, std::string> headers;
  json::Value arguments;  // null: none
  double timeout_s = 60;
  double before_s = 0;  // pauses
  double after_s = 0;
  bool background = false;
  std::optional<Tolerance> tolerance;
  json::Value document;  // as it stands in the file, for the journal
};

/// A moment of a run at which the steady state is looked at.
enum class Moment { before, during, after };
[[nodiscard]] std::string_view name_of(Moment moment);
using Moments = std::set<Moment>;

struct ExperimentTraffic {
  double rate = 40;  // rides per second
  std::vector<std::string> lanes = {"log", "chain"};
};

/// What the extension "hailstorm" adds.
struct HailstormExtension {
  std::optional<int64_t> seed;
  std::optional<ExperimentTraffic> traffic;
  /// By lane or service, "*" for all others: hurt or calm.
  std::map<std::string, std::string> predictions;
  /// By service: the guards that are taken out, as its option --unsafe names them.
  std::map<std::string, std::vector<std::string>> unsafe;
  std::string flush = "always";  // of the log's topics: always or interval
  /// By name of a probe, where it is not looked at always.
  std::map<std::string, Moments> when;
  double every_s = 1;  // between two looks during the method

  /// It changes the platform itself, so it needs one of its own.
  [[nodiscard]] bool needs_own_platform() const { return !unsafe.empty() || flush != "always"; }
};

struct Experiment {
  std::string title;
  std::string description;
  std::vector<Setting> configuration;
  std::vector<Setting> secrets;
  std::string hypothesis;  // its title
  std::vector<Activity> probes;
  Moments moments = {Moment::before, Moment::during, Moment::after};
  std::vector<Activity> method;
  std::vector<Activity> rollbacks;
  HailstormExtension hailstorm;
  json::Value document;

  /// When that probe of the hypothesis is looked at.
  [[nodiscard]] const Moments& moments_of(const Activity& probe) const;
};

enum class DocumentFormat { json, yaml };

/// Error bad_file: names line and field of the first thing that cannot be run here.
[[nodiscard]] Result<Experiment> parse_experiment(std::string_view text, DocumentFormat format);
[[nodiscard]] Result<Experiment> experiment_of(const Node& document);

}  // namespace hailstorm::lab
