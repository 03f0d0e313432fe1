#include <fmt/format.h>
#include <iostream>
#include <memory>

#include "broker/cli/commands.h"
#include "broker/cli/table.h"
#include "broker/cli/value_text.h"
#include "broker/storage/store_folder.h"
#include "broker/verify/verify.h"
#include "common/base/data_folder.h"
#include "common/json/json.h"

namespace hailstorm::cli {
namespace {

using verify::Finding;
using verify::FolderReport;
using verify::PartitionReport;
using verify::Severity;

void print(const Finding& finding) {
  std::string line = fmt::format("  {:<8} ", name_of(finding.severity));
  line += printable(finding.file);
  if (finding.byte) line += fmt::format(" byte {}", *finding.byte);
  if (!finding.file.empty()) line += ": ";
  line += printable(finding.what);
  if (!finding.outcome.empty()) line += fmt::format("\n           {}", printable(finding.outcome));
  std::cout << line << '\n';
}

std::string batches(uint64_t count) {
  return fmt::format("{} {}", count, count == 1 ? "batch" : "batches");
}

void print(const PartitionReport& partition) {
  std::string line = fmt::format("{}: ", printable(partition.name));
  if (partition.opens) {
    line += fmt::format("offsets {} to {}, ", partition.start_offset, partition.end_offset);
  } else {
    line += "REFUSED, ";
  }
  line += fmt::format("{} in {}, {}", batches(partition.batches),
                      counted(static_cast<int64_t>(partition.segments), "segment"),
                      size_text(static_cast<int64_t>(partition.size_bytes)));
  if (partition.groups)
    line += ", " + counted(static_cast<int64_t>(*partition.groups), "consumer group");
  std::cout << line << '\n';
  for (const Finding& finding : partition.findings) print(finding);
  std::cout.flush();
}

void print_sum(const FolderReport& report) {
  if (!report.findings.empty()) std::cout << "the folder itself:\n";
  for (const Finding& finding : report.findings) print(finding);
  const auto count = [](size_t number, const char* noun) {
    return counted(static_cast<int64_t>(number), noun);
  };
  std::cout << count(report.partitions, "partition") << ", "
            << size_text(static_cast<int64_t>(report.size_bytes)) << ": ";
  if (report.damaged == 0) {
    std::cout << "sound";
  } else {
    std::cout << "DAMAGED, " << count(report.damaged_partitions, "partition")
              << (report.starts ? "" : "; the broker does not start");
  }
  if (report.mended > 0)
    std::cout << "; " << count(report.mended, "thing") << " that the broker mends by itself";
  std::cout << '\n';
}

json::Value to_json(const std::vector<Finding>& findings) {
  json::Value out = json::Value::array();
  for (const Finding& finding : findings) {
    out.push_back({{"severity", name_of(finding.severity)},
                   {"file", finding.file},
                   {"byte", finding.byte},
                   {"what", finding.what},
                   {"outcome", finding.outcome}});
  }
  return out;
}

json::Value to_json(const PartitionReport& partition) {
  return {{"name", partition.name},
          {"opens", partition.opens},
          {"segments", partition.segments},
          {"batches", partition.batches},
          {"size_bytes", partition.size_bytes},
          {"start_offset", partition.start_offset},
          {"end_offset", partition.end_offset},
          {"groups", partition.groups},
          {"findings", to_json(partition.findings)}};
}

Result<int> verify_data(const Globals& globals, const std::string& path) {
  HAIL_ASSIGN_OR_RETURN(const DataFolder folder,
                        DataFolder::look(path, storage::kFolderOwner, storage::kFolderFormat));
  const auto files = storage::make_posix_file_system();
  const SystemClock clock;
  json::Value partitions = json::Value::array();
  HAIL_ASSIGN_OR_RETURN(
      const FolderReport report,
      verify::verify_folder(*files, clock, folder.path().string(), [&](const auto& partition) {
        if (globals.json) {
          partitions.push_back(to_json(partition));
        } else {
          print(partition);
        }
      }));
  if (globals.json) {
    const json::Value out = {{"folder", folder.path().string()},
                             {"starts", report.starts},
                             {"damaged", report.damaged},
                             {"mended", report.mended},
                             {"findings", to_json(report.findings)},
                             {"partitions", partitions}};
    std::cout << json::to_sorted_text(out, json::Layout::indented) << '\n';
  } else {
    print_sum(report);
  }
  return report.damaged > 0 ? 1 : 0;
}

}  // namespace

void add_verify_command(Options& root, const Globals& globals) {
  const auto path = std::make_shared<std::string>();
  Options& options = root.add_command(
      "verify",
      "Checks a broker's whole data folder while no broker runs on it, changes nothing, and says "
      "what the next start would do. Exit code 0: sound, or only what the broker mends by itself "
      "(a torn tail, an index, files left over by a crash); 1: damaged; 2: bad usage",
      [&globals, path] {
        const auto code = verify_data(globals, *path);
        return code.ok() ? *code : fail(globals, code.error());
      });
  options.add_positional("DIR", *path, "the folder that hail-broker was given as --data");
}

}  // namespace hailstorm::cli
