#include "tests/guards/tree_checks.h"

#include <algorithm>
#include <map>
#include <set>

#include "tests/guards/guard_tree.h"
#include "tests/guards/invariants.h"
#include "tests/guards/test_sources.h"

namespace hailstorm::guards {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kNotBuilt = "replication";

template <class List, class Value>
bool contains(const List& list, const Value& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

class InvariantChecks {
 public:
  InvariantChecks(const fs::path& root, const std::vector<GuardRecord>& guards)
      : root_(root),
        invariants_(parse_invariants(read_text(root / "docs/invariants.md").value_or(""))) {
    for (const GuardRecord& guard : guards) guards_.emplace(guard.name, guard);
    for (const auto& [program, tests] : tests_by_program(root)) {
      for (const std::string& test : tests) tests_.insert(program + " " + test);
    }
  }

  std::vector<std::string> run() {
    check_numbers();
    for (const Invariant& invariant : invariants_) check_entry(invariant);
    for (const auto& [name, guard] : guards_) check_guard(guard);
    check_comments();
    return std::move(wrong_);
  }

 private:
  void check_numbers() {
    for (int number = 1; number <= kLastInvariant; ++number) {
      const auto count = std::count_if(invariants_.begin(), invariants_.end(),
                                       [&](const Invariant& one) { return one.number == number; });
      if (count != 1) {
        complain(number, "is in docs/invariants.md " + std::to_string(count) + " times");
      }
    }
    for (const Invariant& invariant : invariants_) {
      if (invariant.number < 1 || invariant.number > kLastInvariant) {
        complain(invariant.number, "is not one of 1 to " + std::to_string(kLastInvariant));
      }
    }
  }

  void check_entry(const Invariant& invariant) {
    const bool is_built = invariant.section != kNotBuilt;
    if (is_built && invariant.tests.empty()) complain(invariant.number, "names no test");
    if (is_built && !invariant.has_guards_line) complain(invariant.number, "has no line 'Guards:'");
    for (const std::string& test : invariant.tests) {
      if (!tests_.contains(test)) complain(invariant.number, "names a missing test, " + test);
    }
    for (const std::string& name : invariant.guards) {
      const auto guard = guards_.find(name);
      if (guard == guards_.end()) {
        complain(invariant.number, "names a missing guard, " + name);
      } else if (!contains(guard->second.invariants, invariant.number)) {
        complain(invariant.number, "lists " + name + ", which does not name it");
      }
    }
  }

  void check_guard(const GuardRecord& guard) {
    for (const int number : guard.invariants) {
      const Invariant* invariant = find(number);
      if (invariant == nullptr || !contains(invariant->guards, guard.name)) {
        complain(number, "does not list its guard " + guard.name);
      } else if (!contains(invariant->tests, guard.program + " " + guard.test)) {
        complain(number, "does not list " + guard.test + ", the test of its guard " + guard.name);
      }
    }
    const auto is_in_folder = [&](int number) {
      const Invariant* invariant = find(number);
      return invariant != nullptr && invariant->section == guard.section;
    };
    if (std::none_of(guard.invariants.begin(), guard.invariants.end(), is_in_folder)) {
      wrong_.push_back("the guard " + guard.name + " is in folder " + guard.section +
                       ", none of its invariants is in that section");
    }
  }

  void check_comments() {
    for (const fs::path& file : test_files(root_)) {
      for (const int number : invariants_in_comments(read_text(file).value_or(""))) {
        if (find(number) == nullptr) {
          complain(number, "is named by " + file.lexically_relative(root_).string() +
                               " and not in docs/invariants.md");
        }
      }
    }
  }

  [[nodiscard]] const Invariant* find(int number) const {
    const auto at = std::find_if(invariants_.begin(), invariants_.end(),
                                 [&](const Invariant& one) { return one.number == number; });
    return at == invariants_.end() ? nullptr : &*at;
  }

  void complain(int number, const std::string& what) {
    wrong_.push_back("invariant " + std::to_string(number) + " " + what);
  }

  const fs::path& root_;
  const std::vector<Invariant> invariants_;
  std::map<std::string, GuardRecord> guards_;
  std::set<std::string> tests_;
  std::vector<std::string> wrong_;
};

}  // namespace

std::vector<std::string> check_guards(const fs::path& root) {
  const auto guards = read_guards(root);
  if (!guards.ok()) return {guards.error().message()};
  const auto tests = tests_by_program(root);
  std::vector<std::string> wrong;
  for (const GuardRecord& guard : *guards) {
    const auto files = files_without(guard, root);
    if (!files.ok()) wrong.push_back(guard.name + ": " + files.error().message());
    const auto program = tests.find(guard.program);
    if (program == tests.end() || !program->second.contains(guard.test)) {
      wrong.push_back(guard.name + ": there is no test " + guard.program + " " + guard.test);
    }
  }
  return wrong;
}

std::vector<std::string> check_invariants(const fs::path& root) {
  const auto guards = read_guards(root);
  if (!guards.ok()) return {guards.error().message()};
  return InvariantChecks(root, *guards).run();
}

}  // namespace hailstorm::guards
