#include "services/lab/story/settings.h"

#include <filesystem>
#include <fmt/format.h>

#include "common/base/output_file.h"

namespace hailstorm::lab {

namespace fs = std::filesystem;

void StorySettings::add_to(Options& options) {
  PlatformOptions::add_to(options);
  options.add("rides", rides, {24, 10'000'000, "rides"},
              "how many rides, shared evenly by the six acts");
  options.add("rate", rate, {0.001, 100'000, "rides/s"},
              "rides per second; 200 if neither this nor --speedup is given");
  options.add("speedup", speedup, {0.001, 1'000'000, "times"},
              "send by the trips file's own clock, so many times faster");
  options.add("report", report, "file that the figures are written to as JSON");
  options.add_flag("keep", keep, "stay up after the story until Ctrl-C, with 40 rides a second");
}

std::string StorySettings::check() {
  if (rate && speedup) return "give --rate or --speedup, not both";
  if (speedup && trips.empty()) return "--speedup needs the clock of a file: give --trips";
  if (!report.empty()) {
    const auto file = OutputFile::check(report);
    if (!file.ok()) return "--report: " + file.error().message();
  }
  if (auto wrong = PlatformOptions::check(); !wrong.empty()) return wrong;
  return check_tokens();
}

std::string StorySettings::answers_of(const std::string& act) const {
  return riders_file(act + ".jsonl");
}

std::string StorySettings::trips_copy() const { return riders_file("trips.csv"); }

std::string StorySettings::riders_file(const std::string& name) const {
  const std::string file = agents ? fmt::format("story-{:08}-{}", first_ride, name) : name;
  return fs::absolute(data) / "traffic" / file;
}

}  // namespace hailstorm::lab
