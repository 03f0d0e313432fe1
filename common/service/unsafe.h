#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/service/reactor.h"

/// What `--unsafe` can take from a service, so that an experiment shows what it is there for. A
/// service without it keeps every promise.
namespace hailstorm::service {

enum class UnsafeErrc { makes_no_sense };
[[nodiscard]] std::string_view name_of(UnsafeErrc code);

/// Every delivery takes effect, also a repeated one.
inline constexpr std::string_view kNoInbox = "no-inbox";
/// The offsets of a batch are committed before it is applied, and a start begins where the group
/// is, whatever the store has: a kill between the two loses effects.
inline constexpr std::string_view kCommitBeforeEffect = "commit-before-effect";
/// Events are sent after the transaction that they belong to, from memory: a kill between the two,
/// or a log that is away too long, loses them.
inline constexpr std::string_view kNoOutbox = "no-outbox";

[[nodiscard]] const std::vector<std::string>& unsafe_names();
[[nodiscard]] bool is_unsafe(const std::vector<std::string>& unsafe, std::string_view how);

/// `unsafe` is what the service was given. Error makes_no_sense: the service has nothing that this
/// could take from it.
[[nodiscard]] Status check_unsafe(const std::string& service,
                                  const std::vector<std::string>& unsafe, const Reactor& reactor);
/// Says in the log what the service does not promise, a line for each.
void warn_of_unsafe(const std::vector<std::string>& unsafe);

}  // namespace hailstorm::service
