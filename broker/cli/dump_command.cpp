#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>

#include "broker/cli/commands.h"
#include "broker/cli/table.h"
#include "broker/cli/time_text.h"
#include "broker/cli/value_text.h"
#include "common/wire/record_batch.h"

namespace hailstorm::cli {
namespace {

using nlohmann::json;
using wire::RecordBatchView;

struct DumpArguments {
  std::string file;
  bool records = false;
};

/// One batch as it lies in the file, and what is wrong with it, if anything.
struct DumpedBatch {
  size_t position = 0;
  RecordBatchView batch;
  std::optional<Error> damage;
};

struct Dump {
  std::vector<DumpedBatch> batches;
  std::optional<size_t> unreadable_at;  // from this byte on nothing could be read
  std::string unreadable_because;
};

/// Walks the file's batches. A batch whose length holds is stepped over even when its bytes are
/// damaged.
Dump walk(Bytes file) {
  Dump dump;
  size_t position = 0;
  while (position < file.size()) {
    const Bytes rest = file.subspan(position);
    const auto sound = RecordBatchView::parse(rest);
    const auto seen = sound.ok() ? sound : RecordBatchView::parse_unchecked(rest);
    if (!seen.ok()) {
      dump.unreadable_at = position;
      dump.unreadable_because = seen.error().message();
      return dump;
    }
    DumpedBatch batch{position, *seen, std::nullopt};
    if (!sound.ok()) {
      batch.damage = sound.error();
    } else if (const Status records = wire::check_records(*seen); !records.ok()) {
      batch.damage = records.error();
    }
    position += seen->size_bytes();
    dump.batches.push_back(std::move(batch));
  }
  return dump;
}

Result<std::string> read_file(const std::string& path) {
  std::error_code ignored;
  std::ifstream in(path, std::ios::binary);
  if (std::filesystem::is_regular_file(path, ignored) && in.is_open()) {
    std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    if (!in.bad()) return bytes;
  }
  return Error(log::LogErrc::refused, fmt::format("cannot read the file '{}'", path));
}

std::string verdict(const DumpedBatch& batch) {
  if (!batch.damage) return "ok";
  return batch.damage->is(wire::BatchErrc::bad_crc) ? "BAD CRC" : "DAMAGED";
}

json text_or_null(const std::optional<std::string_view>& text) {
  return text ? json(std::string(*text)) : json();
}

json records_json(const RecordBatchView& batch) {
  json out = json::array();
  wire::RecordReader reader(batch);
  wire::RecordView record;
  while (true) {
    const auto more = reader.next(record);
    if (!more.ok() || !*more) return out;
    json headers = json::array();
    for (const auto& header : record.headers) {
      headers.push_back({{"key", std::string(header.key)}, {"value", text_or_null(header.value)}});
    }
    out.push_back({{"offset", record.offset},
                   {"timestamp_ms", record.timestamp_ms},
                   {"key", text_or_null(record.key)},
                   {"value", text_or_null(record.value)},
                   {"headers", headers}});
  }
}

json to_json(const DumpedBatch& dumped, bool with_records) {
  const RecordBatchView& batch = dumped.batch;
  json out = {{"position", dumped.position},
              {"size_bytes", batch.size_bytes()},
              {"base_offset", batch.base_offset()},
              {"last_offset", batch.last_offset()},
              {"records", batch.record_count()},
              {"leader_epoch", batch.leader_epoch()},
              {"crc", batch.crc()},
              {"crc_ok", !dumped.damage || !dumped.damage->is(wire::BatchErrc::bad_crc)},
              {"max_timestamp_ms", batch.max_timestamp_ms()},
              {"producer_id", batch.producer_id()},
              {"producer_epoch", batch.producer_epoch()},
              {"base_sequence", batch.base_sequence()},
              {"damage", dumped.damage ? json(dumped.damage->message()) : json()}};
  if (with_records && !dumped.damage) out["record_list"] = records_json(batch);
  return out;
}

void print_json(const std::string& file, const Dump& dump, bool with_records) {
  json batches = json::array();
  for (const DumpedBatch& batch : dump.batches) batches.push_back(to_json(batch, with_records));
  const json out = {{"file", file},
                    {"batches", batches},
                    {"unreadable_at", dump.unreadable_at ? json(*dump.unreadable_at) : json()},
                    {"unreadable_because", dump.unreadable_because}};
  std::cout << out.dump(2, ' ', false, json::error_handler_t::replace) << '\n';
}

void print_batches(const Dump& dump) {
  Table table({"POSITION", "SIZE", "FIRST", "LAST", "RECORDS", "TIME", "PRODUCER", "EPOCH",
               "SEQUENCE", "CRC", "VERDICT"});
  for (const DumpedBatch& dumped : dump.batches) {
    const RecordBatchView& batch = dumped.batch;
    table.add({std::to_string(dumped.position), std::to_string(batch.size_bytes()),
               std::to_string(batch.base_offset()), std::to_string(batch.last_offset()),
               std::to_string(batch.record_count()), time_text(batch.max_timestamp_ms()),
               std::to_string(batch.producer_id()), std::to_string(batch.producer_epoch()),
               std::to_string(batch.base_sequence()), fmt::format("{:08x}", batch.crc()),
               verdict(dumped)});
  }
  std::cout << table.render();
}

void print_records(const Dump& dump) {
  Table table({"OFFSET", "TIME", "KEY", "VALUE"});
  for (const DumpedBatch& dumped : dump.batches) {
    if (dumped.damage) continue;
    wire::RecordReader reader(dumped.batch);
    wire::RecordView record;
    for (auto more = reader.next(record); more.ok() && *more; more = reader.next(record)) {
      const auto text = [](const auto& field) {
        return field ? printable(std::string(*field)) : "-";
      };
      table.add({std::to_string(record.offset), time_text(record.timestamp_ms), text(record.key),
                 text(record.value)});
    }
  }
  std::cout << table.render();
}

/// One line on standard error per damaged place. The exit code: 1 where there is any.
int report_damage(const std::string& file, const Dump& dump) {
  int code = 0;
  for (const DumpedBatch& batch : dump.batches) {
    if (!batch.damage) continue;
    code = 1;
    std::cerr << fmt::format("hail: {}: damaged batch at byte {}: {}\n", file, batch.position,
                             batch.damage->message());
  }
  if (!dump.unreadable_at) return code;
  std::cerr << fmt::format("hail: {}: unreadable from byte {} on: {}\n", file, *dump.unreadable_at,
                           dump.unreadable_because);
  return 1;
}

Result<int> dump_file(const Globals& globals, const DumpArguments& arguments) {
  HAIL_ASSIGN_OR_RETURN(const std::string file, read_file(arguments.file));
  const Dump dump = walk(as_bytes(file));
  if (globals.json) {
    print_json(arguments.file, dump, arguments.records);
  } else {
    print_batches(dump);
    if (arguments.records) print_records(dump);
  }
  return report_damage(arguments.file, dump);
}

}  // namespace

void add_dump_command(Options& root, const Globals& globals) {
  const auto arguments = std::make_shared<DumpArguments>();
  Options& options = root.add_command(
      "dump", "Shows the batches of one segment file and whether they are sound; needs no broker",
      [&globals, arguments] {
        const auto code = dump_file(globals, *arguments);
        return code.ok() ? *code : fail(globals, code.error());
      });
  options.add_positional("FILE", arguments->file, "a .log file of a partition's folder");
  options.add_flag("records", arguments->records, "show the records too");
}

}  // namespace hailstorm::cli
