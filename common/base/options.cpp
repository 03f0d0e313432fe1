#include "common/base/options.h"

#include <CLI/CLI.hpp>
#include <cctype>
#include <iostream>
#include <set>

#include "common/base/check.h"

extern char** environ;

namespace hailstorm {
namespace {

std::string variable_for(const std::string& flag) {
  std::string variable = "HAIL_";
  for (const char c : flag) {
    variable += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return variable;
}

}  // namespace

struct Options::Impl {
  std::string program;
  std::unique_ptr<CLI::App> owned;  // only the outermost owns its CLI::App
  CLI::App* app = nullptr;
  std::function<int()> run;
  std::set<std::string> variables;
  std::vector<std::unique_ptr<Options>> commands;

  template <class T>
  CLI::Option* add(const std::string& name, T& target, const std::string& help) {
    const std::string variable = variable_for(name);
    variables.insert(variable);
    return app->add_option("--" + name, target, help)->envname(variable);
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
      if (!text.starts_with("HAIL_")) continue;
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
void Options::add_flag(const std::string& name, bool& target, const std::string& help) {
  const std::string variable = variable_for(name);
  impl_->variables.insert(variable);
  impl_->app->add_flag("--" + name, target, help)->envname(variable);
}
void Options::add_required(const std::string& name, std::string& target, const std::string& help) {
  impl_->add(name, target, help)->required();
}
void Options::add_positional(const std::string& name, std::string& target, const std::string& help,
                             bool required) {
  impl_->app->add_option(name, target, help)->required(required);
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
    return usage_error(impl_->program, std::string(error.what()) + " (see --help)");
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
  std::cerr << program << ": " << message << '\n';
  return 2;
}

}  // namespace hailstorm
