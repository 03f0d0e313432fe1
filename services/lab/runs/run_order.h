#pragma once

#include <string>
#include <vector>

#include "common/base/address.h"
#include "common/base/result.h"
#include "common/json/json.h"
#include "services/lab/experiments/document/experiment.h"

/// What a lab may be asked to run. Pure functions: safe from any thread.
namespace hailstorm::lab {

enum class RunKind { experiment, blast, storm };
[[nodiscard]] std::string_view name_of(RunKind kind);

/// One run, checked: it can begin as soon as none is on.
struct RunOrder {
  RunKind kind = RunKind::experiment;
  std::string title;
  std::string document = {};                // of an experiment
  bool needs_own_platform = false;          // not that of the lab
  std::vector<std::string> arguments = {};  // of the command, for the other kinds
};

/// An experiment that a lab at that address can run. It may read no variable of the environment but
/// HAIL_LAB and HAIL_LAB_BEARER: what it sends can be read by everybody. Error bad_request: names
/// line and field.
[[nodiscard]] Result<Experiment> runnable_experiment(const std::string& text, DocumentFormat format,
                                                     const Address& lab);

/// The same as a run; the document is JSON.
[[nodiscard]] Result<RunOrder> experiment_order(const std::string& document, const Address& lab);

/// {"faults":[…],"targets":[…],"quick":true,"rate":40}; each may be missing. Error bad_request:
/// names the member.
[[nodiscard]] Result<RunOrder> blast_order(const json::Value& document);

/// What the command storm takes: {"seed":7,"minutes":0.5,"kills":0,"kinds":[…],"targets":[…],
/// "at_once":2,"rate":40}; each may be missing. Error bad_request: names the member.
[[nodiscard]] Result<RunOrder> storm_order(const json::Value& document);
/// The schedule of that storm: {"faults":[{"at_ms","target","action","duration","attributes"}…]}.
[[nodiscard]] Result<json::Value> storm_schedule(const json::Value& document);

}  // namespace hailstorm::lab
