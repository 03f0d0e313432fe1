#include "common/service/unsafe.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "common/base/enum_name.h"
#include "common/base/logging.h"

namespace hailstorm::service {
namespace {

/// What happens without each, for the log.
const std::map<std::string_view, std::string>& what_happens() {
  static const std::map<std::string_view, std::string> kTexts = {
      {kNoInbox, "the inbox is off; a redelivered event takes effect again"},
      {kCommitBeforeEffect,
       "offsets are committed before the effect, and the store's own position is ignored; a crash "
       "loses events"},
      {kNoOutbox, "the outbox is off; a crash after a commit loses the events of its transaction"}};
  return kTexts;
}

}  // namespace

std::string_view name_of(UnsafeErrc code) { return enum_name(code); }

const std::vector<std::string>& unsafe_names() {
  static const std::vector<std::string> kNames = {
      std::string(kNoInbox), std::string(kCommitBeforeEffect), std::string(kNoOutbox)};
  return kNames;
}

bool is_unsafe(const std::vector<std::string>& unsafe, std::string_view how) {
  return std::find(unsafe.begin(), unsafe.end(), how) != unsafe.end();
}

Status check_unsafe(const std::string& service, const std::vector<std::string>& unsafe,
                    const Reactor& reactor) {
  if (is_unsafe(unsafe, kNoOutbox) && reactor.publishes().empty()) {
    return Error(
        UnsafeErrc::makes_no_sense,
        fmt::format("--unsafe {}: {} publishes no events that it could lose", kNoOutbox, service));
  }
  return {};
}

void warn_of_unsafe(const std::vector<std::string>& unsafe) {
  for (const std::string& how : unsafe) {
    log_error("unsafe: " + what_happens().at(how), {{"unsafe", how}});
  }
}

}  // namespace hailstorm::service
