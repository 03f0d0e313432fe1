#include "broker/storage/checkpoint.h"

#include <fmt/format.h>
#include <sstream>

#include "broker/storage/file_names.h"
#include "broker/storage/whole_file.h"
#include "common/wire/crc32c.h"

namespace hailstorm::storage {
namespace {

constexpr size_t kFirstLineBytes = sizeof("hailstorm-checkpoint 4\n") - 1;
constexpr size_t kCrcLineBytes = sizeof("crc 01234567\n") - 1;

std::string first_line(int format) { return fmt::format("hailstorm-checkpoint {}\n", format); }

std::string crc_line(std::string_view lines) {
  return fmt::format("crc {:08x}\n", wire::crc32c(as_bytes(lines)));
}

bool read_producer(std::istringstream& fields, ProducerState::Producer& producer) {
  if (!(fields >> producer.id >> producer.epoch)) return false;
  ProducerState::Batch batch{};
  while (fields >> batch.first_sequence >> batch.last_sequence >> batch.base_offset >>
         batch.last_offset) {
    if (producer.batch_count == ProducerState::kRemembered) return false;
    producer.batches[producer.batch_count++] = batch;
  }
  return fields.eof();
}

bool read_line(const std::string& line, Checkpoint& checkpoint) {
  std::istringstream fields(line);
  std::string what;
  fields >> what;
  if (what == "partition") return static_cast<bool>(fields >> checkpoint.partition);
  if (what == "end") return static_cast<bool>(fields >> checkpoint.end_offset);
  if (what == "forgotten") return static_cast<bool>(fields >> checkpoint.has_forgotten);
  if (what == "compacted") return static_cast<bool>(fields >> checkpoint.compacted_to);
  if (what == "segment") {
    auto& segment = checkpoint.segments.emplace_back();
    return static_cast<bool>(fields >> segment.base_offset >> segment.size_bytes >>
                             segment.max_timestamp_ms);
  }
  return what == "producer" && read_producer(fields, checkpoint.producers.emplace_back());
}

}  // namespace

std::string encode(const Checkpoint& checkpoint) {
  std::string text = first_line(checkpoint.format);
  text += fmt::format("partition {}\nend {}\nforgotten {}\n", checkpoint.partition,
                      checkpoint.end_offset, checkpoint.has_forgotten ? 1 : 0);
  if (checkpoint.compacted_to > 0) text += fmt::format("compacted {}\n", checkpoint.compacted_to);
  for (const auto& segment : checkpoint.segments)
    text += fmt::format("segment {} {} {}\n", segment.base_offset, segment.size_bytes,
                        segment.max_timestamp_ms);
  for (const auto& producer : checkpoint.producers) {
    text += fmt::format("producer {} {}", producer.id, producer.epoch);
    for (uint8_t i = 0; i < producer.batch_count; ++i) {
      const auto& batch = producer.batches[i];
      text += fmt::format(" {} {} {} {}", batch.first_sequence, batch.last_sequence,
                          batch.base_offset, batch.last_offset);
    }
    text += '\n';
  }
  return text + crc_line(text);
}

std::optional<Checkpoint> decode_checkpoint(std::string_view text) {
  if (text.size() < kFirstLineBytes + kCrcLineBytes) return std::nullopt;
  Checkpoint checkpoint;
  checkpoint.format = text.starts_with(first_line(3)) ? 3 : 4;
  if (!text.starts_with(first_line(checkpoint.format))) return std::nullopt;
  const std::string_view lines = text.substr(0, text.size() - kCrcLineBytes);
  if (text.substr(lines.size()) != crc_line(lines)) return std::nullopt;
  std::istringstream rest{std::string(lines.substr(kFirstLineBytes))};
  for (std::string line; std::getline(rest, line);) {
    if (!read_line(line, checkpoint)) return std::nullopt;
  }
  if (checkpoint.segments.empty()) return std::nullopt;
  return checkpoint;
}

std::optional<Checkpoint> read_checkpoint(FileSystem& files, const std::string& folder) {
  const auto bytes = read_file(files, folder + "/" + std::string(file_names::kCheckpoint));
  if (!bytes.ok()) return std::nullopt;
  return decode_checkpoint(as_text(*bytes));
}

}  // namespace hailstorm::storage
