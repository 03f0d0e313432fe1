#include "common/base/options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <fmt/format.h>
#include <iostream>
#include <set>

#include "common/base/check.h"
#include "common/base/setting.h"
#include "common/base/text.h"

extern char** environ;

namespace hailstorm {
namespace {

constexpr std::string_view kPrefix = "HAIL_";
constexpr int kMostArguments = 1'000'000;

std::string to_upper(std::string_view name) {
  std::string upper;
  for (const char c : name) {
    upper += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return upper;
}

/// "hail-payment" → "PAYMENT_"; empty for a program that is not addressed by name.
std::string program_prefix(const std::string& program) {
  const std::string name = program.substr(0, program.find(' '));
  if (!name.starts_with("hail-")) return {};
  return to_upper(name.substr(std::string_view("hail-").size())) + "_";
}

/// The arguments in the order in which CLI11 takes them, the last first. It would take the argument
/// after "--seed=" for its value: here that is an empty one.
std::vector<std::string> for_library(int argc, const char* const* argv) {
  std::vector<std::string> arguments;
  bool are_flags_over = false;
  for (int i = 1; i < argc; ++i) {
    const std::string text = argv[i];
    are_flags_over = are_flags_over || text == "--";
    const bool has_no_value =
        !are_flags_over && text.starts_with("--") && text.find('=') == text.size() - 1;
    if (!has_no_value) {
      arguments.push_back(text);
    } else {
      arguments.push_back(text.substr(0, text.size() - 1));
      arguments.emplace_back();
    }
  }
  std::reverse(arguments.begin(), arguments.end());
  return arguments;
}

struct Setting {
  std::string name;      // "--rate", or a positional argument's name
  std::string variable;  // empty: none
  bool is_list = false;
  CLI::Option* option = nullptr;
  Taker taker;

  /// Why the value that was given is refused, if it is. `arguments`: the whole command line.
  [[nodiscard]] std::optional<std::string> refusal(
      const std::vector<std::string>& arguments) const {
    const auto& texts = option->results();
    const char* in_variable = variable.empty() ? nullptr : std::getenv(variable.c_str());
    if (texts.empty() && in_variable == nullptr) return std::nullopt;
    if (texts.size() > 1 && !is_list) return name + " is given twice; give it once";
    // The library passes over a variable that is empty.
    const std::vector<std::string> given = texts.empty() ? std::vector<std::string>{""} : texts;
    for (const auto& text : given) {
      if (is_next_flag(text, arguments)) {
        return fmt::format("{} has no value: '{}' follows it; it takes {}", name, text,
                           taker.wanted);
      }
      if (taker.take(text)) continue;
      const bool is_from_variable = in_variable != nullptr && text == in_variable;
      return refused(is_from_variable ? variable + " (" + name + ")" : name, text);
    }
    return std::nullopt;
  }

  /// The value was forgotten, and CLI11 took the next flag for it.
  [[nodiscard]] bool is_next_flag(const std::string& text,
                                  const std::vector<std::string>& arguments) const {
    return name.starts_with("--") && text.starts_with("--") &&
           std::find(arguments.begin(), arguments.end(), text) != arguments.end();
  }

  [[nodiscard]] std::string refused(const std::string& what, const std::string& text) const {
    return text.empty() ? fmt::format("{} is empty; it takes {}", what, taker.wanted)
                        : fmt::format("{} takes {}, not '{}'", what, taker.wanted, text);
  }
};

}  // namespace

struct Options::Impl {
  std::string program;
  std::unique_ptr<CLI::App> owned;  // only the outermost owns its CLI::App
  CLI::App* app = nullptr;
  std::function<int()> run;
  std::set<std::string> variables;
  std::vector<Setting> settings;
  std::vector<std::unique_ptr<Options>> commands;

  /// Notes both variables of a flag; gives the one to be read.
  std::string variable_for(const std::string& flag) {
    const std::string prefix(kPrefix);
    const std::string shared = prefix + to_upper(flag);
    variables.insert(shared);
    const std::string own_prefix = program_prefix(program);
    if (own_prefix.empty()) return shared;
    const std::string own = prefix + own_prefix + to_upper(flag);
    variables.insert(own);
    return std::getenv(own.c_str()) != nullptr ? own : shared;
  }

  CLI::Option* add_flag_like(CLI::Option* option, const std::string& flag, Taker taker) {
    const std::string variable = variable_for(flag);
    // All that was given reaches us, and is looked at here.
    option->envname(variable)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    settings.push_back({"--" + flag, variable, false, option, std::move(taker)});
    return option;
  }

  /// `shown`: the default, empty where there is none.
  CLI::Option* add(const std::string& flag, Taker taker, const std::string& shown,
                   const std::string& help) {
    CLI::Option* option = app->add_option("--" + flag, CLI::callback_t(), help);
    option->type_name(taker.label)->default_str(shown);
    return add_flag_like(option, flag, std::move(taker));
  }

  CLI::Option* add_positional(const std::string& name, Taker taker, const std::string& help) {
    CLI::Option* option = app->add_option(name, CLI::callback_t(), help);
    option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    settings.push_back({name, "", false, option, std::move(taker)});
    return option;
  }

  void collect(std::set<std::string>& all) const {
    all.insert(variables.begin(), variables.end());
    for (const auto& command : commands) command->impl_->collect(all);
  }

  /// Puts the values that were given into their targets, of the chosen commands too. Why not, if
  /// one is refused.
  [[nodiscard]] std::optional<std::string> take_values(
      const std::vector<std::string>& arguments) const {
    for (const auto& setting : settings) {
      if (auto why = setting.refusal(arguments)) return why;
    }
    for (const auto& command : commands) {
      if (!command->impl_->app->parsed()) continue;
      if (auto why = command->impl_->take_values(arguments)) return why;
    }
    return std::nullopt;
  }

  /// What stands in the way of `error`'s setting, in our words.
  [[nodiscard]] std::optional<std::string> missing_value(const CLI::Error& error) const {
    const std::string_view why = error.what();
    for (const auto& setting : settings) {
      if (!why.starts_with(setting.name + ":")) continue;
      return fmt::format("{} has no value; it takes {}", setting.name, setting.taker.wanted);
    }
    for (const auto& command : commands) {
      if (auto ours = command->impl_->missing_value(error)) return ours;
    }
    return std::nullopt;
  }

  [[nodiscard]] std::string explain(const CLI::Error& error,
                                    const std::vector<std::string>& arguments) const {
    if (const auto refusal = take_values(arguments)) return *refusal;
    // Something is missing, perhaps, because something else stands in its place.
    const auto unexpected = app->remaining(true);
    if (!unexpected.empty()) return CLI::ExtrasError(unexpected).what();
    if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
      if (const auto ours = missing_value(error)) return *ours;
    }
    return error.what();
  }

  /// The first variable in the environment that has this program's prefix and names none of its
  /// settings, if any. All others may be meant for another program.
  [[nodiscard]] std::optional<std::string> unknown_variable() const {
    const std::string own_prefix = program_prefix(program);
    if (own_prefix.empty()) return std::nullopt;
    const std::string prefix = std::string(kPrefix) + own_prefix;
    std::set<std::string> known;
    collect(known);
    for (char** entry = environ; *entry != nullptr; ++entry) {
      const std::string_view text = *entry;
      if (!text.starts_with(prefix)) continue;
      std::string name(text.substr(0, text.find('=')));
      if (!known.contains(name)) return name;
    }
    return std::nullopt;
  }
};

Options::Options(std::string program, std::string summary) : impl_(std::make_unique<Impl>()) {
  impl_->owned = std::make_unique<CLI::App>(std::move(summary), program);
  impl_->app = impl_->owned.get();
  impl_->program = std::move(program);
}

Options::Options(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Options::~Options() = default;

void Options::add(const std::string& name, std::string& target, const std::string& help) {
  impl_->add(name, text_taker([&target](const auto& text) { target = text; }), target, help);
}
void Options::add(const std::string& name, std::optional<std::string>& target,
                  const std::string& help) {
  impl_->add(name, text_taker([&target](const auto& text) { target = text; }), target.value_or(""),
             help);
}
void Options::add(const std::string& name, int64_t& target, Range range, const std::string& help) {
  impl_->add(name, number_taker(target, range), std::to_string(target), help);
}
void Options::add(const std::string& name, double& target, DecimalRange range,
                  const std::string& help) {
  impl_->add(name, decimal_taker(range, [&target](double number) { target = number; }),
             fmt::format("{}", target), help);
}
void Options::add(const std::string& name, std::optional<double>& target, DecimalRange range,
                  const std::string& help) {
  impl_->add(name, decimal_taker(range, [&target](double number) { target = number; }),
             target ? fmt::format("{}", *target) : "", help);
}
void Options::add_choice(const std::string& name, std::string& target,
                         const std::vector<std::string>& choices, const std::string& help) {
  impl_->add(name, choice_taker(target, choices), target, help);
}
void Options::add_choices(const std::string& name, std::vector<std::string>& target,
                          const std::vector<std::string>& choices, const std::string& help) {
  std::string shown;
  for (const auto& one : target) shown += (shown.empty() ? "" : ",") + one;
  impl_->add(name, choices_taker(target, choices), shown, help);
}
void Options::add(const std::string& name, std::string& target, const TextCheck& check,
                  const std::string& help) {
  impl_->add(name, checked_taker(check, [&target](const auto& text) { target = text; }), target,
             help);
}
void Options::add(const std::string& name, std::optional<std::string>& target,
                  const TextCheck& check, const std::string& help) {
  impl_->add(name, checked_taker(check, [&target](const auto& text) { target = text; }),
             target.value_or(""), help);
}
void Options::add_host(const std::string& name, std::string& target, const std::string& help) {
  impl_->add(name, host_taker(target), target, help);
}
void Options::add_hosts(const std::string& name, std::vector<std::string>& target,
                        const std::string& help) {
  impl_->add(name, hosts_taker(target), "", help);
}
void Options::add_address(const std::string& name, std::string& target, const std::string& scheme,
                          const std::string& help) {
  impl_->add(name, address_taker(target, scheme), target, help);
}
void Options::add_each(const std::string& name, std::vector<std::string>& target,
                       const std::string& help) {
  Taker taker = text_taker([&target](const auto& text) { target.push_back(text); });
  impl_->add(name, std::move(taker), "", help)->allow_extra_args(false);
  impl_->settings.back().is_list = true;
}
void Options::add_flag(const std::string& name, bool& target, const std::string& help) {
  CLI::Option* option = impl_->app->add_flag("--" + name);
  option->description(help);
  impl_->add_flag_like(option, name, flag_taker(target));
}
void Options::add_required(const std::string& name, std::string& target, const std::string& help) {
  impl_->add(name, text_taker([&target](const auto& text) { target = text; }), "", help)
      ->required();
}
void Options::add_required(const std::string& name, std::string& target, const TextCheck& check,
                           const std::string& help) {
  impl_->add(name, checked_taker(check, [&target](const auto& text) { target = text; }), "", help)
      ->required();
}
void Options::add_positional(const std::string& name, std::string& target, const std::string& help,
                             bool required) {
  impl_->add_positional(name, text_taker([&target](const auto& text) { target = text; }), help)
      ->required(required);
}
void Options::add_positional_choice(const std::string& name, std::string& target,
                                    const std::vector<std::string>& choices,
                                    const std::string& help) {
  impl_->add_positional(name, choice_taker(target, choices), help)->required();
}
void Options::add_rest(const std::string& name, std::vector<std::string>& target,
                       const std::string& help) {
  Taker taker{"texts", "TEXT", [&target](const std::string& text) {
                target.push_back(text);
                return true;
              }};
  CLI::Option* option = impl_->add_positional(name, std::move(taker), help);
  // A fixed number, which is never reached: where it may be any, CLI11 takes "[a,b]" for two.
  option->expected(kMostArguments)->option_text("TEXT ...");
  impl_->settings.back().is_list = true;
}

Options& Options::add_command(const std::string& name, const std::string& summary,
                              std::function<int()> run) {
  auto child = std::make_unique<Impl>();
  child->program = impl_->program + " " + name;
  child->app = impl_->app->add_subcommand(name, summary);
  child->app->fallthrough();  // what a command does not know may be a setting of those above it
  child->run = std::move(run);
  impl_->app->require_subcommand(1);
  impl_->commands.push_back(std::unique_ptr<Options>(new Options(std::move(child))));
  return *impl_->commands.back();
}

std::optional<int> Options::parse(int argc, const char* const* argv) {
  const auto arguments = for_library(argc, argv);
  try {
    auto unread = arguments;
    impl_->app->parse(unread);
  } catch (const CLI::Success& request) {
    return impl_->app->exit(request);
  } catch (const CLI::Error& error) {
    return usage_error(impl_->program, impl_->explain(error, arguments) + " (see --help)");
  }
  if (const auto why = impl_->take_values(arguments)) {
    return usage_error(impl_->program, *why + " (see --help)");
  }
  if (const auto name = impl_->unknown_variable()) {
    return usage_error(impl_->program,
                       "unknown environment variable " + *name + ": unset it or correct its name");
  }
  return std::nullopt;
}

int Options::run_command() {
  for (const auto& command : impl_->commands) {
    if (command->impl_->app->parsed()) return command->run_command();
  }
  HAIL_CHECK(impl_->run != nullptr);
  return impl_->run();
}

int usage_error(const std::string& program, const std::string& message) {
  std::cerr << program << ": " << printable(message) << '\n';
  return 2;
}

}  // namespace hailstorm
