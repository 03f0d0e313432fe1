#include "services/lab/page/page_files.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <utility>
#include <xxhash.h>

#include "services/lab/page/embedded_file.h"

namespace hailstorm::lab {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kTypes = {{
    {".css", "text/css; charset=utf-8"},
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".jsonl", "application/jsonl; charset=utf-8"},
    {".md", "text/markdown; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {"LICENSE", "text/plain; charset=utf-8"},
}};

std::string_view type_of(std::string_view path) {
  for (const auto& [end, type] : kTypes) {
    if (path.ends_with(end)) return type;
  }
  return {};
}

/// Does not lead out of the folder, whatever the file system makes of it.
bool is_plain(std::string_view path) {
  const auto is_plain_character = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '/';
  };
  return !path.starts_with('/') && path.find("..") == std::string_view::npos &&
         std::all_of(path.begin(), path.end(), is_plain_character);
}

std::optional<PageFile> read_file(const std::filesystem::path& file, std::string_view type) {
  std::error_code not_there;
  if (!std::filesystem::is_regular_file(file, not_there)) return std::nullopt;
  std::ifstream stream(file, std::ios::binary);
  PageFile read{{std::istreambuf_iterator<char>(stream), {}}, std::string(type), {}};
  if (!stream) return std::nullopt;
  read.etag = fmt::format("\"{:016x}\"", XXH3_64bits(read.content.data(), read.content.size()));
  return read;
}

}  // namespace

std::optional<PageFile> PageFiles::find(std::string_view path) const {
  const auto type = type_of(path);
  if (type.empty() || !is_plain(path)) return std::nullopt;
  if (!folder_.empty()) return read_file(folder_ / path, type);
  for (const auto& file : page_files()) {
    if (file.path != path) continue;
    return PageFile{std::string(file.content), std::string(type),
                    fmt::format("\"{}\"", file.sha256)};
  }
  return std::nullopt;
}

}  // namespace hailstorm::lab
