#include <filesystem>
#include <fmt/format.h>
#include <iostream>
#include <memory>

#include "broker/cli/commands.h"
#include "broker/cli/table.h"
#include "broker/storage/store_folder.h"
#include "broker/sync_record/power_cut.h"
#include "broker/sync_record/record_file.h"
#include "common/base/data_folder.h"
#include "common/json/json.h"

namespace hailstorm::cli {
namespace {

namespace fs = std::filesystem;
using storage::CutFile;
using storage::StorageErrc;

struct PowerCutArguments {
  std::string record;
  std::string data;
  int64_t seed = 1;
};

std::string absolute_folder(const std::string& given) {
  const fs::path path = fs::absolute(given).lexically_normal();
  return path.has_filename() ? path.string() : path.parent_path().string();
}

Result<storage::SyncRecord> read_record(storage::FileSystem& files, const std::string& path) {
  if (!files.exists(path)) return Error(StorageErrc::not_found, "there is no file " + path);
  HAIL_ASSIGN_OR_RETURN(const auto file, storage::RecordFile::open(path));
  HAIL_ASSIGN_OR_RETURN(const std::string lines, file->read());
  storage::SyncRecord record;
  HAIL_RETURN_IF_ERROR(record.apply(lines));
  return record;
}

/// Error invalid: whatever the record names lies elsewhere.
Status check_folder(const storage::SyncRecord& record, const PowerCutArguments& arguments,
                    const std::string& folder) {
  bool is_empty = true;
  for (const auto& [path, file] : record.files()) {
    if (path.starts_with(folder + "/")) return {};
    is_empty = false;
  }
  for (const auto& [path, name] : record.names()) {
    if (path.starts_with(folder + "/")) return {};
    is_empty = false;
  }
  if (is_empty) return {};
  return Error(StorageErrc::invalid, fmt::format("{} is not the record of a broker on {}",
                                                 arguments.record, arguments.data));
}

std::string summary_of(const std::vector<CutFile>& cuts) {
  if (cuts.empty()) return "a sync had covered every byte";
  uint64_t cut_off = 0;
  uint64_t lost = 0;
  int64_t names = 0;
  for (const auto& file : cuts) {
    if (file.before_bytes > file.after_bytes) cut_off += file.before_bytes - file.after_bytes;
    lost += file.lost_bytes;
    names += file.is_gone ? 1 : 0;
  }
  return fmt::format("{} bytes cut off, {} lost in between, {} gone, in {}", cut_off, lost,
                     counted(names, "name"), counted(std::ssize(cuts), "file"));
}

void print_json(const std::vector<CutFile>& cuts, const std::string& folder) {
  json::Value files = json::Value::array();
  for (const auto& file : cuts) {
    files.push_back({{"file", fs::path(file.path).lexically_relative(folder).string()},
                     {"before_bytes", file.before_bytes},
                     {"after_bytes", file.after_bytes},
                     {"lost_bytes", file.lost_bytes},
                     {"is_gone", file.is_gone}});
  }
  const json::Value out = {{"summary", summary_of(cuts)}, {"files", std::move(files)}};
  std::cout << json::to_sorted_text(out, json::Layout::indented) << '\n';
}

void print_table(const std::vector<CutFile>& cuts, const std::string& folder) {
  Table table({"BEFORE", "AFTER", "LOST", "FILE"});
  for (const auto& file : cuts) {
    table.add({std::to_string(file.before_bytes),
               file.is_gone ? "gone" : std::to_string(file.after_bytes),
               std::to_string(file.lost_bytes),
               fs::path(file.path).lexically_relative(folder).string()});
  }
  if (!cuts.empty()) std::cout << table.render();
  std::cout << summary_of(cuts) << '\n';
}

Status cut_power(const Globals& globals, const PowerCutArguments& arguments) {
  const std::string folder = absolute_folder(arguments.data);
  // Keeps a broker away until the files are cut.
  HAIL_ASSIGN_OR_RETURN(const DataFolder held,
                        DataFolder::look(folder, storage::kFolderOwner, storage::kFolderFormat));
  const auto files = storage::make_posix_file_system();
  HAIL_ASSIGN_OR_RETURN(const auto record, read_record(*files, arguments.record));
  HAIL_RETURN_IF_ERROR(check_folder(record, arguments, folder));
  HAIL_ASSIGN_OR_RETURN(const auto cuts, storage::cut_power(*files, record, folder,
                                                            static_cast<uint64_t>(arguments.seed)));
  // What is left is durable: the next record begins with nothing.
  HAIL_RETURN_IF_ERROR(files->remove(arguments.record));
  globals.json ? print_json(cuts, folder) : print_table(cuts, folder);
  return {};
}

}  // namespace

void add_power_cut_command(Options& root, const Globals& globals) {
  const auto arguments = std::make_shared<PowerCutArguments>();
  Options& options = root.add_command(
      "power-cut",
      "After SIGKILL of a broker: does to its files what a power cut may do. What no sync had "
      "covered is kept or lost by seed, the record is removed. Needs no broker, and takes none "
      "that "
      "runs. Exit code 0: done; 2: nothing, or not all, was done",
      [&globals, arguments] { return finish(globals, cut_power(globals, *arguments)); });
  options.add_required("record", arguments->record,
                       "the file that hail-broker was given as --sync-record");
  options.add_required("data", arguments->data, "the folder that it was given as --data");
  options.add("seed", arguments->seed, {0, kAnyMost}, "draws what is lost");
}

}  // namespace hailstorm::cli
