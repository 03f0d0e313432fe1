#include <fstream>
#include <iostream>
#include <set>

#include "tests/guards/guard_tree.h"

// What tests/guards/run asks of the records. Runs in the top folder of the tree.
//   hail-guard list [NAME…]        a line each: guard, test program, test; NAME as tests/guards/run
//   hail-guard apply GUARD FOLDER  takes the guard away in the copy of the tree in FOLDER

namespace hailstorm::guards {
namespace {

int fail(const std::string& why) {
  std::cerr << "hail-guard: " << why << '\n';
  return 2;
}

int list(const std::vector<GuardRecord>& guards, std::vector<std::string> wanted) {
  if (wanted.empty()) wanted.emplace_back();
  std::set<std::string> listed;
  for (const std::string& name : wanted) {
    const auto selected = select_guards(guards, name);
    if (selected.empty()) {
      return fail("no guard's name begins with '" + name + "' and no invariant of a guard is it");
    }
    for (const GuardRecord& guard : selected) {
      if (!listed.insert(guard.name).second) continue;
      std::cout << guard.name << ' ' << guard.program << ' ' << guard.test << '\n';
    }
  }
  return 0;
}

int apply(const std::vector<GuardRecord>& guards, const std::string& name,
          const std::string& folder) {
  for (const GuardRecord& guard : guards) {
    if (guard.name != name) continue;
    const auto files = files_without(guard, folder);
    if (!files.ok()) return fail(name + ": " + files.error().message());
    for (const auto& [path, text] : *files) {
      std::ofstream file(folder + "/" + path, std::ios::binary);
      if (!(file << text).flush()) return fail("cannot write " + folder + "/" + path);
    }
    return 0;
  }
  return fail("there is no guard " + name);
}

int run(const std::vector<std::string>& args) {
  const auto guards = read_guards(".");
  if (!guards.ok()) return fail(guards.error().message());
  if (!args.empty() && args[0] == "list") return list(*guards, {args.begin() + 1, args.end()});
  if (args.size() == 3 && args[0] == "apply") return apply(*guards, args[1], args[2]);
  return fail("usage: hail-guard list [NAME...], or hail-guard apply GUARD FOLDER");
}

}  // namespace
}  // namespace hailstorm::guards

int main(int argc, char** argv) { return hailstorm::guards::run({argv + 1, argv + argc}); }
