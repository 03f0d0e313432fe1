#pragma once

#include <functional>
#include <memory>
#include <string>

#include "common/base/result.h"
#include "common/json/json.h"
#include "services/lab/faults/fault.h"

namespace hailstorm::lab {

/// What a probe of a fault found. `unclear`: neither proven on nor proven off, such as a process
/// that has started and does not answer yet.
enum class Effect { on, off, unclear };
struct Probe {
  Effect effect = Effect::unclear;
  std::string evidence;  // what was probed, and what it said
};

/// One fault of one target: how it is made, undone and proven.
///
/// Thread safety: not safe; a lease (lease.h) uses it from its own thread, one call at a time.
class Fault {
 public:
  virtual ~Fault() = default;

  /// Returns within 2 s. Errors not_possible, failed; what was begun is undone by revert().
  [[nodiscard]] virtual Status inject() = 0;
  /// Undoes inject(), also one that failed half-way. After an error it is called again.
  [[nodiscard]] virtual Status revert() = 0;
  /// Looks at the target itself, not at what inject() meant to do. Returns within 1 s.
  [[nodiscard]] virtual Probe is_in_effect() = 0;
  /// What else it did, such as bytes that were cut: an object.
  [[nodiscard]] virtual json::Value details() const { return json::Value::object(); }
};

/// Makes the fault that is asked for, without injecting it. Errors: unknown_target where target or
/// action is not of this maker's kind, so that the next one is asked; bad_request; not_possible.
/// Called by one thread at a time; must not block for long.
using FaultMaker = std::function<Result<std::unique_ptr<Fault>>(const FaultRequest&)>;

}  // namespace hailstorm::lab
