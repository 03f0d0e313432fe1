#include "broker/sync_record/sync_record.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

#include "broker/storage/file_system.h"

namespace hailstorm::storage {
namespace {

using Range = SyncRecord::Range;
using Ranges = SyncRecord::Ranges;

/// Takes the text up to the next `end`; all that is left where there is none.
std::string_view take(std::string_view& text, char end = ' ') {
  const size_t at = std::min(text.find(end), text.size());
  const std::string_view first = text.substr(0, at);
  text.remove_prefix(std::min(at + 1, text.size()));
  return first;
}

bool read(std::string_view text, uint64_t& value) {
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), value);
  return wrong == std::errc{} && end == text.data() + text.size() && !text.empty();
}

bool read(std::string_view text, std::vector<uint8_t>& bytes) {
  if (text == "-") return true;
  if (text.size() % 2 != 0) return false;
  for (size_t i = 0; i < text.size(); i += 2) {
    unsigned value = 0;
    const auto* const end = text.data() + i + 2;
    if (std::from_chars(text.data() + i, end, value, 16).ptr != end) return false;
    bytes.push_back(static_cast<uint8_t>(value));
  }
  return true;
}

bool read(std::string_view text, Ranges& ranges) {
  if (text == "-") return true;
  while (!text.empty()) {
    std::string_view one = take(text, ',');
    Range range;
    if (!read(take(one, '-'), range.begin) || !read(one, range.end)) return false;
    ranges.push_back(range);
  }
  return true;
}

bool is_at_or_below(const std::string& path, const std::string& folder) {
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

template <class Map>
void move_below(Map& map, const std::string& from, const std::string& to) {
  Map moved;
  for (auto at = map.lower_bound(from); at != map.end() && at->first.starts_with(from);) {
    const auto one = at++;
    if (!is_at_or_below(one->first, from)) continue;
    auto node = map.extract(one);
    node.key() = to + node.key().substr(from.size());
    moved.insert(std::move(node));
  }
  std::erase_if(map, [&](const auto& one) { return is_at_or_below(one.first, to); });
  map.merge(moved);
}

/// A sync covered these bytes and this length.
void cover(SyncRecord::FileState& file, uint64_t size, const Ranges& covered) {
  file.durable_size = size;
  file.unsynced = without(file.unsynced, covered);
  std::erase_if(file.undos, [&](const auto& undo) {
    return within(file.unsynced, undo.position, undo.position + undo.bytes.size()).empty();
  });
}

}  // namespace

std::string to_hex(Bytes bytes) {
  if (bytes.empty()) return "-";
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const uint8_t byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

Status SyncRecord::apply(std::string_view lines) {
  while (lines.find('\n') != std::string_view::npos)
    HAIL_RETURN_IF_ERROR(apply_line(take(lines, '\n')));
  return {};
}

Status SyncRecord::apply_line(std::string_view line) {
  std::string_view rest = line;
  const std::string_view verb = take(rest);
  if (apply_to_file(verb, rest) || apply_to_name(verb, rest)) return {};
  return Error(StorageErrc::corrupt, fmt::format("the record of syncs has a line \"{}\"", line));
}

bool SyncRecord::apply_to_file(std::string_view verb, std::string_view rest) {
  uint64_t number = 0;
  if (verb == "file") {
    if (!read(take(rest), number)) return false;
    files_[std::string(rest)] = {.durable_size = number, .unsynced = {}, .undos = {}};
    return true;
  }
  if (verb == "unsynced") {
    uint64_t end = 0;
    if (!read(take(rest), number) || !read(take(rest), end)) return false;
    FileState& file = files_[std::string(rest)];
    file.unsynced = with(file.unsynced, {number, end});
    return true;
  }
  if (verb == "undo") {
    Undo undo;
    if (!read(take(rest), undo.position) || !read(take(rest), undo.bytes)) return false;
    files_[std::string(rest)].undos.push_back(std::move(undo));
    return true;
  }
  if (verb == "cut") {
    if (!read(take(rest), number)) return false;
    const std::string path(rest);
    FileState& file = files_[path];
    file.unsynced = within(file.unsynced, 0, number);
    if (file.is_durable()) files_.erase(path);
    return true;
  }
  if (verb == "synced") {
    Ranges covered;
    if (!read(take(rest), number) || !read(take(rest), covered)) return false;
    const auto found = files_.find(std::string(rest));
    if (found == files_.end()) return true;
    cover(found->second, number, covered);
    if (found->second.is_durable()) files_.erase(found);
    return true;
  }
  return false;
}

bool SyncRecord::apply_to_name(std::string_view verb, std::string_view rest) {
  const std::string path(rest);
  if (verb == "made" || verb == "folder") {
    set_name(path, {.is_folder = verb == "folder", .former = {}, .generation = 0});
    return true;
  }
  if (verb == "was") {
    std::vector<uint8_t> former;
    if (!read(take(rest), former)) return false;
    set_name(std::string(rest), {.is_folder = false, .former = std::move(former), .generation = 0});
    return true;
  }
  if (verb == "renamed") {
    const std::string_view from = take(rest, '\t');
    rename(std::string(from), std::string(rest));
    return true;
  }
  if (verb == "removed") {
    std::erase_if(files_, [&](const auto& one) { return is_at_or_below(one.first, path); });
    std::erase_if(names_, [&](const auto& one) { return is_at_or_below(one.first, path); });
    return true;
  }
  if (verb == "named") {
    names_.erase(path);
    return true;
  }
  return false;
}

void SyncRecord::rename(const std::string& from, const std::string& to) {
  names_.erase(from);
  move_below(files_, from, to);
  move_below(names_, from, to);
}

void SyncRecord::set_name(const std::string& path, NameState state) {
  state.generation = ++generations_;
  names_[path] = std::move(state);
}

const SyncRecord::FileState* SyncRecord::find(const std::string& path) const {
  const auto found = files_.find(path);
  return found == files_.end() ? nullptr : &found->second;
}

std::string SyncRecord::lines() const {
  std::string text;
  for (const auto& [path, file] : files_) {
    text += fmt::format("file {} {}\n", file.durable_size, path);
    for (const auto& range : file.unsynced) {
      text += fmt::format("unsynced {} {} {}\n", range.begin, range.end, path);
    }
    for (const auto& undo : file.undos) {
      text += fmt::format("undo {} {} {}\n", undo.position, to_hex(undo.bytes), path);
    }
  }
  for (const auto& [path, name] : names_) {
    if (name.former) {
      text += fmt::format("was {} {}\n", to_hex(*name.former), path);
    } else {
      text += fmt::format("{} {}\n", name.is_folder ? "folder" : "made", path);
    }
  }
  return text;
}

}  // namespace hailstorm::storage
