#include "common/base/options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <iostream>
#include <set>
#include <string_view>

#include "common/base/check.h"
#include "common/base/text.h"

extern char** environ;

namespace hailstorm {
namespace {

constexpr std::string_view kPrefix = "HAIL_";
// The programs that variables may be addressed to by name.
constexpr std::array<std::string_view, 8> kAddressees = {"BROKER_",  "GATEWAY_",      "MATCHING_",
                                                         "PAYMENT_", "NOTIFICATION_", "ANALYTICS_",
                                                         "TRAFFIC_", "LAB_"};

std::string shouted(std::string_view name) {
  std::string upper;
  for (const char c : name) {
    upper += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return upper;
}

/// "hail-payment" → "PAYMENT_"; empty for a program that is not addressed by name.
std::string addressee_for(const std::string& program) {
  const std::string name = program.substr(0, program.find(' '));
  if (!name.starts_with("hail-")) return {};
  return shouted(name.substr(std::string_view("hail-").size())) + "_";
}

bool is_for_another(std::string_view variable, std::string_view own_addressee) {
  variable.remove_prefix(kPrefix.size());
  if (variable == "BROKER") return true;  // where it is: for everybody but the broker itself
  return std::any_of(kAddressees.begin(), kAddressees.end(), [&](std::string_view addressee) {
    return addressee != own_addressee && variable.starts_with(addressee);
  });
}

}  // namespace

struct Options::Impl {
  std::string program;
  std::unique_ptr<CLI::App> owned;  // only the outermost owns its CLI::App
  CLI::App* app = nullptr;
  std::function<int()> run;
  std::set<std::string> variables;
  std::vector<std::unique_ptr<Options>> commands;

  /// Notes both variables of a flag; gives the one to be read.
  std::string variable_for(const std::string& flag) {
    const std::string prefix(kPrefix);
    const std::string shared = prefix + shouted(flag);
    variables.insert(shared);
    const std::string addressee = addressee_for(program);
    if (addressee.empty()) return shared;
    const std::string own = prefix + addressee + shouted(flag);
    variables.insert(own);
    return std::getenv(own.c_str()) != nullptr ? own : shared;
  }

  template <class T>
  CLI::Option* add(const std::string& name, T& target, const std::string& help) {
    return app->add_option("--" + name, target, help)->envname(variable_for(name));
  }

  void collect(std::set<std::string>& all) const {
    all.insert(variables.begin(), variables.end());
    for (const auto& command : commands) command->impl_->collect(all);
  }

  /// The first HAIL_ variable in the environment that no program of ours could mean here, if any.
  [[nodiscard]] std::optional<std::string> unknown_variable() const {
    std::set<std::string> known;
    collect(known);
    for (char** entry = environ; *entry != nullptr; ++entry) {
      const std::string_view text = *entry;
      if (!text.starts_with(kPrefix)) continue;
      std::string name(text.substr(0, text.find('=')));
      if (!known.contains(name) && !is_for_another(name, addressee_for(program))) return name;
    }
    return std::nullopt;
  }
};

Options::Options(std::string program, std::string summary) : impl_(std::make_unique<Impl>()) {
  impl_->owned = std::make_unique<CLI::App>(std::move(summary), program);
  impl_->app = impl_->owned.get();
  impl_->program = std::move(program);
  impl_->app->option_defaults()->always_capture_default();
}

Options::Options(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Options::~Options() = default;

void Options::add(const std::string& name, std::string& target, const std::string& help) {
  impl_->add(name, target, help);
}
void Options::add(const std::string& name, int64_t& target, const std::string& help) {
  impl_->add(name, target, help);
}
void Options::add(const std::string& name, double& target, const std::string& help) {
  impl_->add(name, target, help);
}
void Options::add(const std::string& name, std::optional<std::string>& target,
                  const std::string& help) {
  impl_->add(name, target, help);
}
void Options::add(const std::string& name, std::vector<std::string>& target,
                  const std::string& help) {
  impl_->add(name, target, help)->delimiter(',');
}
void Options::add_each(const std::string& name, std::vector<std::string>& target,
                       const std::string& help) {
  impl_->add(name, target, help)->allow_extra_args(false);
}
void Options::add_flag(const std::string& name, bool& target, const std::string& help) {
  impl_->app->add_flag("--" + name, target, help)->envname(impl_->variable_for(name));
}
void Options::add_required(const std::string& name, std::string& target, const std::string& help) {
  impl_->add(name, target, help)->required();
}
void Options::add_positional(const std::string& name, std::string& target, const std::string& help,
                             bool required) {
  impl_->app->add_option(name, target, help)->required(required);
}

void Options::add_rest(const std::string& name, std::vector<std::string>& target,
                       const std::string& help) {
  impl_->app->add_option(name, target, help);
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
  try {
    impl_->app->parse(argc, argv);
  } catch (const CLI::Success& request) {
    return impl_->app->exit(request);
  } catch (const CLI::Error& error) {
    // Something is missing, perhaps, because something else stands in its place.
    const auto unexpected = impl_->app->remaining(true);
    const std::string why = unexpected.empty() ? error.what() : CLI::ExtrasError(unexpected).what();
    return usage_error(impl_->program, why + " (see --help)");
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
