#include <fmt/format.h>
#include <iostream>
#include <memory>

#include "broker/cli/commands.h"
#include "broker/cli/dump_walk.h"
#include "broker/cli/table.h"
#include "broker/cli/value_text.h"
#include "broker/storage/file_names.h"
#include "broker/storage/sparse_index.h"
#include "common/base/time_text.h"
#include "common/json/json.h"

namespace hailstorm::cli {
namespace {

using wire::RecordBatchView;
namespace file_names = storage::file_names;

struct DumpArguments {
  std::string file;
  bool records = false;
};

/// Calls `show` for each record that can be read.
template <class Show>
void for_each_record(const RecordBatchView& batch, const Show& show) {
  wire::RecordReader reader(batch);
  wire::RecordView record;
  for (auto more = reader.next(record); more.ok() && *more; more = reader.next(record))
    show(record);
}

/// What a dump shows, piece by piece: a segment may be larger than memory.
///
/// Thread safety: not safe.
class DumpPrinter {
 public:
  DumpPrinter(std::string file, bool is_json, bool with_records)
      : file_(std::move(file)), is_json_(is_json), with_records_(with_records) {
    if (is_json_) std::cout << "{\"file\": " << json::to_text(file_) << ", \"batches\": [";
  }

  void show(const DumpedBatch& dumped) {
    if (dumped.damage) complain("damaged batch at byte", dumped.position, *dumped.damage);
    is_json_ ? show_json(dumped) : show_line(dumped);
  }
  void show(const Unreadable& gap) {
    const std::string until =
        gap.until ? fmt::format("; batches go on at byte {}", *gap.until) : "";
    complain("unreadable from byte", gap.from, " on" + until, gap.why);
    if (is_json_) {
      gaps_.push_back({{"from", gap.from}, {"until", gap.until}, {"because", gap.why}});
    } else {
      std::cout << fmt::format("{:>10}  unreadable: {}{}\n", gap.from, printable(gap.why), until);
    }
  }
  /// The exit code: 1 where something is damaged.
  int finish() {
    if (is_json_) std::cout << "\n], \"unreadable\": " << json::to_sorted_text(gaps_) << "}\n";
    std::cout.flush();
    return is_damaged_ ? 1 : 0;
  }

 private:
  void complain(const char* what, uint64_t byte, const std::string& more, const std::string& why) {
    is_damaged_ = true;
    std::cout.flush();
    std::cerr << fmt::format("hail: {}: {} {}{}: {}\n", printable(file_), what, byte, more,
                             printable(why));
  }
  void complain(const char* what, uint64_t byte, const std::string& why) {
    complain(what, byte, "", why);
  }
  void show_line(const DumpedBatch& dumped);
  void show_json(const DumpedBatch& dumped);

  const std::string file_;
  const bool is_json_;
  const bool with_records_;
  bool has_begun_ = false;
  bool is_damaged_ = false;
  json::Value gaps_ = json::Value::array();
};

void DumpPrinter::show_line(const DumpedBatch& dumped) {
  constexpr const char* kColumns =
      "{:>10}  {:>8}  {:>9}  {:>9}  {:>7}  {:<24}  {:>8}  {:>5}  {:>10}  {:<8}  {}\n";
  const auto line = [](const auto&... cells) {
    std::cout << fmt::format(fmt::runtime(kColumns), cells...);
  };
  if (!has_begun_)
    line("POSITION", "SIZE", "FIRST", "LAST", "RECORDS", "TIME", "PRODUCER", "EPOCH", "SEQUENCE",
         "CRC", "VERDICT");
  has_begun_ = true;
  const RecordBatchView& batch = dumped.batch;
  const std::string verdict = dumped.crc != batch.crc()
                                  ? fmt::format("BAD CRC: the bytes have {:08x}", dumped.crc)
                              : dumped.damage ? "DAMAGED: " + printable(*dumped.damage)
                                              : "ok";
  line(dumped.position, batch.size_bytes(), batch.base_offset(), batch.last_offset(),
       batch.record_count(), time_text(batch.max_timestamp_ms()), batch.producer_id(),
       batch.producer_epoch(), batch.base_sequence(), fmt::format("{:08x}", batch.crc()), verdict);
  if (!with_records_ || !dumped.is_whole) return;
  for_each_record(batch, [](const wire::RecordView& record) {
    std::cout << fmt::format("    {}  {}  {}  {}", record.offset, time_text(record.timestamp_ms),
                             line_text(record.key), line_text(record.value));
    for (const auto& [key, value] : record.headers)
      std::cout << fmt::format("  {}={}", printable(key), line_text(value));
    std::cout << '\n';
  });
}

void DumpPrinter::show_json(const DumpedBatch& dumped) {
  const RecordBatchView& batch = dumped.batch;
  json::Value out = {{"position", dumped.position},
                     {"size_bytes", batch.size_bytes()},
                     {"base_offset", batch.base_offset()},
                     {"last_offset", batch.last_offset()},
                     {"records", batch.record_count()},
                     {"leader_epoch", batch.leader_epoch()},
                     {"attributes", batch.attributes()},
                     {"compression", compression::name_of(batch.codec())},
                     {"crc", batch.crc()},
                     {"crc_ok", batch.crc() == dumped.crc},
                     {"max_timestamp_ms", batch.max_timestamp_ms()},
                     {"producer_id", batch.producer_id()},
                     {"producer_epoch", batch.producer_epoch()},
                     {"base_sequence", batch.base_sequence()},
                     {"damage", dumped.damage}};
  if (with_records_ && dumped.is_whole) {
    json::Value& records = out.add("record_list", json::Value::array());
    for_each_record(batch, [&](const wire::RecordView& record) {
      json::Value shown = {{"offset", record.offset}, {"timestamp_ms", record.timestamp_ms}};
      add_bytes(shown, "key", record.key);
      add_bytes(shown, "value", record.value);
      json::Value& headers = shown.add("headers", json::Value::array());
      for (const auto& header : record.headers) {
        json::Value one = json::Value::object();
        add_bytes(one, "key", header.key);
        add_bytes(one, "value", header.value);
        headers.push_back(std::move(one));
      }
      records.push_back(std::move(shown));
    });
  }
  std::cout << (has_begun_ ? ",\n" : "\n") << json::to_sorted_text(out);
  has_begun_ = true;
}

/// The exit code.
Result<int> dump_segment(const Globals& globals, const DumpArguments& arguments) {
  const auto files = storage::make_posix_file_system();
  HAIL_ASSIGN_OR_RETURN(const auto file,
                        files->open(arguments.file, storage::FileSystem::Mode::read));
  const auto base =
      file_names::parse_segment_file(file_names::last_part(arguments.file), file_names::kLog);
  DumpPrinter printer(arguments.file, globals.json, arguments.records);
  HAIL_RETURN_IF_ERROR(dump_walk(
      *file, base, [&](const DumpedBatch& batch) { printer.show(batch); },
      [&](const Unreadable& gap) { printer.show(gap); }));
  return printer.finish();
}

/// Prints each entry of an index in two columns, of which `cells` gives the contents.
template <class Entry, class Cells>
Result<int> dump_index(const Globals& globals, const std::string& path, int64_t base,
                       const std::vector<std::string>& headings, const Cells& cells) {
  const auto files = storage::make_posix_file_system();
  HAIL_ASSIGN_OR_RETURN(const auto file, files->open(path, storage::FileSystem::Mode::read));
  HAIL_ASSIGN_OR_RETURN(const uint64_t size, file->size());
  storage::SparseIndex<Entry> index;
  index.load(*files, path);
  if (size > 0 && index.entries().empty()) {
    std::cerr << fmt::format(
        "hail: {} is no index: its {} bytes are not rising entries of {} bytes; the broker makes "
        "it "
        "again from the log\n",
        printable(path), size, Entry::kBytes);
    return 1;
  }
  Table table(headings);
  json::Value entries = json::Value::array();
  for (const Entry& entry : index.entries()) {
    const auto [first, second] = cells(entry, base);
    table.add({first, second});
    entries.push_back({{headings[0], first}, {headings[1], second}});
  }
  std::cout << (globals.json ? json::to_sorted_text(entries) + "\n" : table.render());
  return 0;
}

Result<int> dump_file(const Globals& globals, const DumpArguments& arguments) {
  using Cells = std::pair<std::string, std::string>;
  const std::string name = file_names::last_part(arguments.file);
  if (const auto base = file_names::parse_segment_file(name, file_names::kOffsetIndex)) {
    return dump_index<storage::OffsetEntry>(globals, arguments.file, *base, {"OFFSET", "POSITION"},
                                            [](const storage::OffsetEntry& entry, int64_t from) {
                                              return Cells(std::to_string(from + entry.offset),
                                                           std::to_string(entry.position));
                                            });
  }
  if (const auto base = file_names::parse_segment_file(name, file_names::kTimeIndex)) {
    return dump_index<storage::TimeEntry>(globals, arguments.file, *base, {"TIME", "OFFSET"},
                                          [](const storage::TimeEntry& entry, int64_t from) {
                                            return Cells(time_text(entry.timestamp_ms),
                                                         std::to_string(from + entry.offset));
                                          });
  }
  return dump_segment(globals, arguments);
}

}  // namespace

void add_dump_command(Options& root, const Globals& globals) {
  const auto arguments = std::make_shared<DumpArguments>();
  Options& options = root.add_command("dump",
                                      "Shows one segment file batch by batch, with the verdict on "
                                      "each, or the entries of an index; "
                                      "needs no broker. Exit code 1: something is damaged",
                                      [&globals, arguments] {
                                        const auto code = dump_file(globals, *arguments);
                                        return code.ok() ? *code : fail(globals, code.error());
                                      });
  options.add_positional("FILE", arguments->file,
                         "a .log, .index or .timeindex file of a partition's folder");
  options.add_flag("records", arguments->records, "show the records too");
}

}  // namespace hailstorm::cli
