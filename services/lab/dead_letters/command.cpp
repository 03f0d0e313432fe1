#include "services/lab/dead_letters/command.h"

#include <fmt/format.h>
#include <iostream>

#include "common/base/text.h"
#include "common/base/time_text.h"
#include "common/json/member_reader.h"
#include "common/log/log.h"
#include "services/lab/api/errors.h"
#include "services/lab/dead_letters/broker_desk.h"
#include "services/lab/dead_letters/lab_desk.h"

namespace hailstorm::lab {
namespace {

constexpr const char* kProgram = "hail-lab dead-letters";

std::string text_in(const json::Value& object, std::string_view name) {
  const json::Value* value = object.find(name);
  return value != nullptr && value->text() != nullptr ? *value->text() : "";
}

int64_t number_in(const json::Value& object, std::string_view name) {
  int64_t number = 0;
  json::MemberReader(object).optional(name, number);
  return number;
}

bool is_true(const json::Value& object, std::string_view name) {
  bool flag = false;
  json::MemberReader(object).optional(name, flag);
  return flag;
}

const json::Value::Array& elements_of(const json::Value& object, std::string_view name) {
  static const json::Value::Array kNone;
  const json::Value* array = object.find(name);
  return array != nullptr && array->elements() != nullptr ? *array->elements() : kNone;
}

std::string row_of(const json::Value& letter) {
  return fmt::format("{:<20} {:<13} {:<26} {:>3}  {:<8}  {}\n", text_in(letter, "id"),
                     text_in(letter, "group"), text_in(letter, "place"),
                     number_in(letter, "attempts"), is_true(letter, "replayed") ? "replayed" : "",
                     printable(text_in(letter, "error")));
}

int print_list(const json::Value& answer) {
  const auto& letters = elements_of(answer, "dead_letters");
  if (letters.empty()) {
    std::cout << "There is no dead letter.\n";
    return 0;
  }
  std::cout << fmt::format("{:<20} {:<13} {:<26} try  {:<8}  error\n", "id", "group", "refused",
                           "");
  for (const auto& letter : letters) std::cout << row_of(letter);
  const int64_t more = number_in(answer, "more");
  if (more > 0) std::cout << fmt::format("and {} older ones\n", more);
  return 0;
}

int print_letter(const json::Value& letter) {
  const auto line = [](const char* name, const std::string& text) {
    std::cout << fmt::format("{:<9} {}\n", name, printable(text));
  };
  line("id", text_in(letter, "id"));
  line("time", time_text(number_in(letter, "t_ms")));
  line("group", text_in(letter, "group"));
  line("refused", text_in(letter, "place"));
  line("event", text_in(letter, "event_id"));
  line("error", text_in(letter, "error"));
  line("attempts", std::to_string(number_in(letter, "attempts")));
  line("replayed", is_true(letter, "replayed") ? "yes" : "no");
  line("key", text_in(letter, "key"));
  line("value",
       fmt::format("{} ({} bytes)", text_in(letter, "value"), number_in(letter, "value_bytes")));
  return 0;
}

/// 1 where one of them was not replayed.
int print_replayed(const json::Value& answer) {
  bool are_all_replayed = true;
  for (const auto& letter : elements_of(answer, "letters")) {
    const bool is_replayed = is_true(letter, "replayed");
    are_all_replayed = are_all_replayed && is_replayed;
    std::cout << fmt::format("{:<20} {}\n", text_in(letter, "id"),
                             is_replayed
                                 ? fmt::format("goes back to {} as {}", text_in(letter, "group"),
                                               text_in(letter, "place"))
                                 : "is not replayed: " + printable(text_in(letter, "why")));
  }
  std::cout << fmt::format("{} replayed\n", number_in(answer, "replayed"));
  return are_all_replayed ? 0 : 1;
}

}  // namespace

void DeadLettersCommand::add_to(Options& options) {
  auto& command = options.add_command(
      "dead-letters", "Shows what services could not handle, and gives it back to them.");
  address_.add_to(command);
  command.add_address("broker", broker_, "hailstorm", "the log's address, where no lab is named");
  command.add_flag("json", json_, "for programs");
  command.add_command("list", "The newest ones.", [this] { return list(); });
  command.add_command("show", "One of them, with what it keeps.", [this] { return show(); })
      .add_positional("id", id_, "dead_letter/PARTITION/OFFSET, as list shows it");
  auto& replay_command =
      command.add_command("replay", "Back to the one group that refused it; exit 0 only if all go.",
                          [this] { return replay(); });
  replay_command.add_flag("all", all_, "all that were not replayed yet");
  replay_command.add_rest("ids", ids_, "dead_letter/PARTITION/OFFSET, as list shows it");
}

int DeadLettersCommand::at_desk(const Work& work,
                                const std::function<int(const json::Value&)>& print) {
  const auto answer = [&]() -> Result<json::Value> {
    if (!address_.lab.empty()) {
      HAIL_ASSIGN_OR_RETURN(auto client, address_.connect());
      LabDesk desk(std::move(client));
      return work(desk);
    }
    HAIL_ASSIGN_OR_RETURN(const auto engine, log::open(broker_));
    BrokerDesk desk(*engine);
    return work(desk);
  }();
  if (!answer.ok()) {
    const int bad_usage = usage_error(kProgram, answer.error().message());
    return answer.error().is(ApiErrc::bad_request) ? bad_usage : 1;
  }
  if (!json_) return print(*answer);
  std::cout << json::to_text(*answer) << "\n";
  return 0;
}

int DeadLettersCommand::list() {
  return at_desk([](LetterDesk& desk) { return desk.list(); }, print_list);
}

int DeadLettersCommand::show() {
  return at_desk([this](LetterDesk& desk) { return desk.show(id_); }, print_letter);
}

int DeadLettersCommand::replay() {
  if (all_ != ids_.empty()) return usage_error(kProgram, "replay takes ids, or --all");
  return at_desk([this](LetterDesk& desk) { return all_ ? desk.replay_all() : desk.replay(ids_); },
                 print_replayed);
}

}  // namespace hailstorm::lab
