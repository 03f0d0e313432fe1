#include "services/lab/serve/faults_command.h"

#include <fmt/format.h>
#include <iostream>

#include "common/base/clock.h"
#include "common/base/text.h"
#include "common/json/member_reader.h"
#include "services/lab/faults/fault.h"
#include "services/lab/serve/fault_text.h"

namespace hailstorm::lab {
namespace {

constexpr const char* kProgram = "hail-lab faults";

constexpr int kRefusedByLab = 1;

int bad_usage(const Error& error) { return usage_error(kProgram, error.message()); }
int refused(const Error& error) {
  (void)bad_usage(error);  // prints it
  return kRefusedByLab;
}

/// "latency_ms=200": what reads as JSON is that, anything else a text.
Result<json::Value> attributes_of(const std::vector<std::string>& all) {
  json::Value attributes = json::Value::object();
  for (const auto& one : all) {
    const size_t at = one.find('=');
    if (at == std::string::npos || at == 0) {
      return Error(FaultErrc::bad_request,
                   fmt::format("--attribute takes NAME=VALUE, not \"{}\"", one));
    }
    const std::string text = one.substr(at + 1);
    auto value = json::parse(text);
    attributes.set(one.substr(0, at), value.ok() ? std::move(*value) : json::Value(text));
  }
  return attributes;
}

/// Prints the fault that the lab answered with.
Result<FaultState> show(const Result<json::Value>& answered) {
  if (!answered.ok()) return answered.error();
  HAIL_ASSIGN_OR_RETURN(auto fault, fault_state_of(*answered));
  std::cout << printable_lines(to_text(fault, SystemClock().wall_ms()));
  return fault;
}

}  // namespace

void FaultsCommand::add_to(Options& options) {
  auto& faults = options.add_command("faults", "Injects faults, each proven and with an end.");
  address_.add_to(faults);
  faults.add_command("list", "What is on, and the last ones that ended.",
                     [this] { return list(); });
  auto& inject_command = faults.add_command("inject", "Injects one; exit 0 only when it is proven.",
                                            [this] { return inject(); });
  inject_command.add_required("target", target_,
                              "a process (payment), a link (payment:broker), a topic or a group");
  inject_command.add_required("action", action_, "kill, freeze, latency, …");
  inject_command.add("duration", duration_, "after it the fault ends by itself: 500ms, 15s, 2m");
  inject_command.add_each("attribute", attributes_,
                          "NAME=VALUE, as in latency_ms=200; may be given several times");
  inject_command.add("seed", seed_, {0, kAnyMost}, "of what the fault draws by chance");
  inject_command.add("by", by_,
                     "a name for its owner: others are refused meanwhile, with this name");
  faults.add_command("revert", "Ends one before its time.", [this] { return revert(); })
      .add_positional("id", id_, "as list shows it");
  faults.add_command("reset", "Ends all at once.", [this] { return reset(); });
}

int FaultsCommand::list() const {
  auto client = address_.connect();
  if (!client.ok()) return bad_usage(client.error());
  const auto answered = client->get("/api/faults");
  if (!answered.ok()) return refused(answered.error());
  const json::Value* all = answered->find("faults");
  if (all == nullptr || all->elements() == nullptr || all->elements()->empty()) {
    std::cout << "There is no fault, and there was none.\n";
    return 0;
  }
  for (const auto& one : *all->elements()) {
    if (const auto shown = show(one); !shown.ok()) return refused(shown.error());
  }
  return 0;
}

Result<FaultRequest> FaultsCommand::request() const {
  HAIL_ASSIGN_OR_RETURN(auto attributes, attributes_of(attributes_));
  return fault_request_of({{"target", target_},
                           {"action", action_},
                           {"duration", duration_},
                           {"attributes", std::move(attributes)},
                           {"seed", seed_},
                           {"by", by_}});
}

int FaultsCommand::inject() const {
  const auto wanted = request();
  if (!wanted.ok()) return bad_usage(wanted.error());
  auto client = address_.connect();
  if (!client.ok()) return bad_usage(client.error());
  const auto fault = show(client->post("/api/faults", to_json(*wanted)));
  if (!fault.ok()) return refused(fault.error());
  return fault->proven_at_ms != 0 ? 0 : 1;
}

int FaultsCommand::revert() const {
  auto client = address_.connect();
  if (!client.ok()) return bad_usage(client.error());
  const auto fault = show(client->remove("/api/faults/" + id_));
  if (!fault.ok()) return refused(fault.error());
  return fault->is_on() ? 1 : 0;
}

int FaultsCommand::reset() const {
  auto client = address_.connect();
  if (!client.ok()) return bad_usage(client.error());
  const auto answered = client->post("/api/faults/reset", json::Value::object());
  if (!answered.ok()) return refused(answered.error());
  int64_t reverted = 0;
  json::MemberReader(*answered).optional("reverted", reverted);
  std::cout << fmt::format("{} {} ended.\n", reverted, reverted == 1 ? "fault" : "faults");
  return 0;
}

}  // namespace hailstorm::lab
