#pragma once

#include <string>
#include <vector>

#include "common/base/address.h"
#include "common/base/result.h"
#include "common/json/json.h"

/// What a lab may be asked to run. Pure functions: safe from any thread.
namespace hailstorm::lab {

enum class RunKind { experiment, blast };
[[nodiscard]] std::string_view name_of(RunKind kind);

/// One run, checked: it can begin as soon as none is on.
struct RunOrder {
  RunKind kind = RunKind::experiment;
  std::string title;
  std::string document = {};                // of an experiment
  std::vector<std::string> arguments = {};  // of blast
};

/// An experiment's document as JSON, for the lab at that address. It may read no variable of the
/// environment but HAIL_LAB and HAIL_LAB_BEARER: what it sends can be read by everybody. Error
/// bad_request: names line and field.
[[nodiscard]] Result<RunOrder> experiment_order(const std::string& document, const Address& lab);

/// {"faults":[…],"targets":[…],"quick":true,"rate":40}; each may be missing. Error bad_request:
/// names the member.
[[nodiscard]] Result<RunOrder> blast_order(const json::Value& document);

}  // namespace hailstorm::lab
