#include "services/lab/views/recording_reader.h"

#include <cstdint>
#include <fmt/format.h>
#include <system_error>
#include <utility>

#include "services/lab/views/errors.h"

namespace hailstorm::lab {
namespace {

// A ring holds much less.
constexpr uintmax_t kMaxFileBytes = 256 << 20;

}  // namespace

RecordingReader::RecordingReader(const std::filesystem::path& file)
    : name_(file.string()), file_(file, std::ios::binary) {}

Result<RecordingReader> RecordingReader::open(const std::filesystem::path& file) {
  RecordingReader reader(file);
  if (!reader.file_) {
    return Error(ViewErrc::cannot_read, fmt::format("cannot read {}", reader.name_));
  }
  std::error_code unknown;
  if (std::filesystem::file_size(file, unknown) > kMaxFileBytes || unknown) {
    return Error(ViewErrc::not_recording,
                 fmt::format("{} is no file of at most {} MiB", reader.name_, kMaxFileBytes >> 20));
  }
  HAIL_ASSIGN_OR_RETURN(const auto head, reader.next_line());
  if (!head) {
    return Error(ViewErrc::not_recording, fmt::format("{} has no line", reader.name_));
  }
  auto schedule = schedule_of(*head);
  if (!schedule.ok()) return Error(schedule.error()).in(reader.name_ + ", line 1");
  reader.schedule_ = std::move(*schedule);
  return reader;
}

Result<std::optional<json::Value>> RecordingReader::next_line() {
  std::string text;
  if (!std::getline(file_, text)) {
    if (!file_.bad()) return std::optional<json::Value>();
    return Error(ViewErrc::cannot_read, fmt::format("cannot read {}", name_));
  }
  ++line_;
  auto document = json::parse(text);
  if (document.ok()) return std::optional(std::move(*document));
  if (file_.eof() && line_ > 1) return std::optional<json::Value>();
  return Error(ViewErrc::not_recording,
               fmt::format("{}, line {}: {}", name_, line_, document.error().message()));
}

Result<std::optional<json::Value>> RecordingReader::next_frame() {
  HAIL_ASSIGN_OR_RETURN(auto line, next_line());
  if (!line) return line;
  if (const json::Value* audit = line->find("audit")) {
    audit_ = *audit;
    return std::optional<json::Value>();
  }
  if (line->find("v") != nullptr) return line;
  return Error(ViewErrc::not_recording, fmt::format("{}, line {} is no frame", name_, line_));
}

}  // namespace hailstorm::lab
