#include "broker/storage/whole_file.h"

#include <algorithm>

#include "broker/storage/file_names.h"

namespace hailstorm::storage {

Result<std::vector<uint8_t>> read_file(FileSystem& files, const std::string& path) {
  HAIL_ASSIGN_OR_RETURN(const auto file, files.open(path, FileSystem::Mode::read));
  HAIL_ASSIGN_OR_RETURN(const uint64_t size, file->size());
  std::vector<uint8_t> contents(size);
  HAIL_ASSIGN_OR_RETURN(const size_t count, file->read_at(0, contents));
  contents.resize(count);
  return contents;
}

Status replace_file(FileSystem& files, const std::string& folder, std::string_view name,
                    Bytes contents) {
  const std::string path = folder + "/" + std::string(name);
  const std::string temporary = path + std::string(file_names::kTemporary);
  {
    HAIL_ASSIGN_OR_RETURN(const auto file, files.open(temporary, FileSystem::Mode::create));
    HAIL_RETURN_IF_ERROR(file->truncate(0));
    HAIL_RETURN_IF_ERROR(file->write_at(0, contents));
    HAIL_RETURN_IF_ERROR(file->sync());
  }
  HAIL_RETURN_IF_ERROR(files.rename(temporary, path));
  return files.sync_folder(folder);
}

Result<Bytes> FileWindow::at(uint64_t position, size_t count) {
  if (position < start_ || position + count > start_ + filled_) {
    const size_t wanted = std::max(count, chunk_);
    if (buffer_.size() < wanted) buffer_.resize(wanted);
    start_ = position;
    filled_ = 0;
    HAIL_ASSIGN_OR_RETURN(filled_, file_.read_at(position, MutableBytes(buffer_.data(), wanted)));
  }
  const size_t skip = static_cast<size_t>(position - start_);
  return Bytes(buffer_.data() + skip, std::min(count, filled_ - skip));
}

}  // namespace hailstorm::storage
