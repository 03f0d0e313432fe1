#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/value_kinds.h"

namespace hailstorm {

/// A program's settings: each is a flag (`--seed`) and an environment variable (`HAIL_SEED`); the
/// flag wins. The variable may also carry the program's name (`HAIL_PAYMENT_SEED` for
/// hail-payment), which wins over the short one: so one file can hold the settings of all programs.
///
/// One rule for all values, in flags, variables and positional arguments alike: a value that is
/// empty, given twice, or not what the setting takes is refused. Numbers are written as in 0, 42,
/// -1 or 0.5, and lie in the setting's range. So are an unknown flag, a missing value, and a
/// variable with this program's prefix (HAIL_PAYMENT_ for hail-payment) that names none of its
/// settings. Every other HAIL_ variable is ignored: it may be for another program. Each refusal is
/// one line on standard error, which names the setting and says what it takes, and exit code 2.
///
/// Targets must remain live until parse() returned. Thread safety: not safe; used in main before
/// threads start.
class Options {
 public:
  /// `program` is the name in usage lines, `summary` the first line of --help.
  Options(std::string program, std::string summary);
  ~Options();
  Options(const Options&) = delete;
  Options& operator=(const Options&) = delete;

  /// `name` is the long flag without dashes. The target's value at this call is the default that
  /// --help shows.
  void add(const std::string& name, std::string& target, const std::string& help);
  void add(const std::string& name, std::optional<std::string>& target, const std::string& help);
  void add(const std::string& name, int64_t& target, Range range, const std::string& help);
  void add(const std::string& name, double& target, DecimalRange range, const std::string& help);
  void add(const std::string& name, std::optional<double>& target, DecimalRange range,
           const std::string& help);
  /// One of `choices`.
  void add_choice(const std::string& name, std::string& target,
                  const std::vector<std::string>& choices, const std::string& help);
  /// Some of `choices`, each once, with commas between them.
  void add_choices(const std::string& name, std::vector<std::string>& target,
                   const std::vector<std::string>& choices, const std::string& help);
  /// A text that `check` takes.
  void add(const std::string& name, std::string& target, const TextCheck& check,
           const std::string& help);
  void add(const std::string& name, std::optional<std::string>& target, const TextCheck& check,
           const std::string& help);
  /// A host name or an IP address; the brackets of an IPv6 address are taken off.
  void add_host(const std::string& name, std::string& target, const std::string& help);
  /// Some hosts, with commas between them.
  void add_hosts(const std::string& name, std::vector<std::string>& target,
                 const std::string& help);
  /// SCHEME://HOST:PORT, as parse_address() takes it.
  void add_address(const std::string& name, std::string& target, const std::string& scheme,
                   const std::string& help);
  /// Each --NAME takes one value, whatever characters it has, and may be given several times.
  void add_each(const std::string& name, std::vector<std::string>& target, const std::string& help);
  void add_flag(const std::string& name, bool& target, const std::string& help);
  /// As add(), but the value must be given.
  void add_required(const std::string& name, std::string& target, const std::string& help);
  void add_required(const std::string& name, std::string& target, const TextCheck& check,
                    const std::string& help);
  /// A positional argument.
  void add_positional(const std::string& name, std::string& target, const std::string& help,
                      bool required = true);
  void add_positional_choice(const std::string& name, std::string& target,
                             const std::vector<std::string>& choices, const std::string& help);
  /// All positional arguments that are left, e.g. what follows "--". They may be empty.
  void add_rest(const std::string& name, std::vector<std::string>& target, const std::string& help);

  /// A subcommand with settings of its own; `run` is called by run_command() with its exit code as
  /// result. The child lives as long as this object.
  Options& add_command(const std::string& name, const std::string& summary,
                       std::function<int()> run = nullptr);

  /// The exit code that main must return at once (0 after --help, 2 after bad usage), or nothing
  /// to go on.
  [[nodiscard]] std::optional<int> parse(int argc, const char* const* argv);

  /// Calls the `run` of the innermost chosen subcommand. REQUIRES: parse() returned nothing.
  [[nodiscard]] int run_command();

 private:
  struct Impl;
  explicit Options(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Prints "PROGRAM: MESSAGE" on standard error, printable and on one line, and gives 2, the exit
/// code of bad usage.
[[nodiscard]] int usage_error(const std::string& program, const std::string& message);

}  // namespace hailstorm
