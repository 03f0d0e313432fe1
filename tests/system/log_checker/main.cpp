#include <fmt/format.h>
#include <iostream>
#include <string>
#include <vector>

#include "tests/system/log_checker/checker.h"

/// hail-log-checker FILE…: judges the histories in these files together. Exit code 0: the log kept
/// its word; 1: it did not, each finding is a line; 2: a file cannot be used.
int main(int argc, char** argv) {
  using namespace hailstorm::history;
  if (argc < 2) {
    std::cerr << "usage: hail-log-checker FILE...\n";
    return 2;
  }
  std::vector<Event> events;
  for (int i = 1; i < argc; ++i) {
    if (const auto read = read_history(argv[i], events); !read.ok()) {
      std::cerr << "hail-log-checker: " << read.error().message() << "\n";
      return 2;
    }
  }
  for (const auto& [kind, number] : count(events)) {
    std::cout << fmt::format("{:10} {}\n", name_of(kind), number);
  }
  const auto findings = check(events);
  for (const Finding& finding : findings) {
    std::cout << name_of(finding.fault) << ": " << finding.what << "\n";
  }
  if (findings.empty()) std::cout << "nothing lost, duplicated, reordered, changed or stale\n";
  return findings.empty() ? 0 : 1;
}
