#include "services/lab/commands/outputs.h"

#include "common/base/output_file.h"

namespace hailstorm::lab {
namespace {

std::string problem_with(const char* option, const std::string& file) {
  if (file.empty()) return {};
  const auto output = OutputFile::check(file);
  return output.ok() ? std::string() : std::string(option) + ": " + output.error().message();
}

Status write_file(const std::string& file, const std::string& text) {
  if (file.empty()) return {};
  HAIL_ASSIGN_OR_RETURN(const auto output, OutputFile::check(file));
  return output.write(text);
}

}  // namespace

void Outputs::add_to(Options& options) {
  options.add("report", report, "file that the report is written to, as HTML that needs no other");
  options.add("json", json, "file that everything is written to as JSON");
}

std::string Outputs::check() const {
  const auto wrong = problem_with("--report", report);
  return wrong.empty() ? problem_with("--json", json) : wrong;
}

std::string Outputs::write(const std::string& html, const json::Value& document) const {
  for (const Status& written :
       {write_file(report, html),
        write_file(json, json::to_text(document, json::Layout::indented) + "\n")}) {
    if (!written.ok()) return written.error().message();
  }
  return {};
}

}  // namespace hailstorm::lab
