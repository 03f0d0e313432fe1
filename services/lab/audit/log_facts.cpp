#include "services/lab/audit/log_facts.h"

#include <algorithm>
#include <charconv>
#include <fcntl.h>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/bytes.h"
#include "common/wire/partitioner.h"
#include "common/wire/record_batch.h"

namespace hailstorm::lab {
namespace {

namespace fs = std::filesystem;
constexpr size_t kMostNotes = 10;
constexpr std::string_view kDeadLetters = "dead_letter";

/// A file's bytes, mapped for as long as this object lives.
class MappedFile {
 public:
  explicit MappedFile(const fs::path& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return;
    struct stat info {};
    if (::fstat(fd, &info) == 0 && info.st_size > 0) {
      size_ = static_cast<size_t>(info.st_size);
      at_ = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, fd, 0);
      if (at_ == MAP_FAILED) size_ = 0;
    }
    ::close(fd);
  }
  ~MappedFile() {
    if (size_ > 0) ::munmap(at_, size_);
  }
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  [[nodiscard]] Bytes bytes() const { return {static_cast<const uint8_t*>(at_), size_}; }

 private:
  void* at_ = nullptr;
  size_t size_ = 0;
};

struct Partition {
  std::string topic;
  int32_t number = 0;
  fs::path folder;
};

std::vector<Partition> partitions_in(const fs::path& broker_folder) {
  std::vector<Partition> found;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(broker_folder, ignored)) {
    const std::string name = entry.path().filename();
    const size_t dash = name.rfind('-');
    if (dash == std::string::npos) continue;
    Partition one{name.substr(0, dash), 0, entry.path()};
    const char* end = name.data() + name.size();
    const auto parsed = std::from_chars(name.data() + dash + 1, end, one.number);
    if (parsed.ec != std::errc{} || parsed.ptr != end) continue;
    if (kind_of(one.topic) || one.topic == kDeadLetters) found.push_back(std::move(one));
  }
  return found;
}

class PartitionReader {
 public:
  PartitionReader(const Partition& partition, int32_t partition_count, LaneFacts& rides,
                  LogFindings& findings)
      : partition_(partition), count_(partition_count), rides_(rides), findings_(findings) {}

  void read() {
    std::vector<fs::path> segments;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(partition_.folder, ignored)) {
      if (entry.path().extension() == ".log") segments.push_back(entry.path());
    }
    std::sort(segments.begin(), segments.end());
    for (const auto& segment : segments) read_segment(segment, segment == segments.back());
  }

 private:
  void note(std::string text) {
    if (findings_.notes.size() < kMostNotes) findings_.notes.push_back(std::move(text));
  }

  void read_segment(const fs::path& path, bool last) {
    const MappedFile file(path);
    Bytes rest = file.bytes();
    while (!rest.empty()) {
      const auto batch = wire::RecordBatchView::parse(rest);
      if (batch.ok()) {
        read_batch(*batch);
        rest = rest.subspan(batch->size_bytes());
        continue;
      }
      // The active segment's end may be in the middle of a write.
      if (last && (batch.error().is(wire::BatchErrc::incomplete) || all_zero(rest))) return;
      note(fmt::format("{} at byte {}: {}", path.string(), file.bytes().size() - rest.size(),
                       batch.error().message()));
      const auto place = pass_over(rest);
      if (!place) return;
      rest = rest.subspan(place->size_bytes);
    }
  }

  /// Where the bad batch at the front lies, if it is whole; what is damaged says nothing of what
  /// comes after it.
  std::optional<wire::BatchPlace> pass_over(Bytes rest) {
    const auto place = wire::place_of_batch(rest);
    const bool is_whole = place.ok() && wire::is_whole_batch(rest);
    ++(is_whole ? findings_.undecodable : findings_.corrupt);
    if (!is_whole) return std::nullopt;
    next_offset_ = place->last_offset + 1;
    return *place;
  }

  static bool all_zero(Bytes bytes) {
    return std::all_of(bytes.begin(), bytes.end(), [](uint8_t byte) { return byte == 0; });
  }

  void read_batch(const wire::RecordBatchView& batch) {
    if (next_offset_ >= 0 && batch.base_offset() != next_offset_) {
      ++findings_.misordered;
      note(fmt::format("{}-{}: offset {} follows {}", partition_.topic, partition_.number,
                       batch.base_offset(), next_offset_ - 1));
    }
    next_offset_ = batch.last_offset() + 1;
    wire::RecordReader reader(batch);
    for (wire::RecordView record;;) {
      const auto more = reader.next(record);
      if (more.ok() && !*more) return;
      if (!more.ok()) {
        ++findings_.undecodable;
        note(fmt::format("{}-{} in the batch at offset {}: {}", partition_.topic, partition_.number,
                         batch.base_offset(), more.error().message()));
        return;
      }
      read_record(record);
    }
  }

  void read_record(const wire::RecordView& record) {
    ++findings_.records;
    const auto kind = kind_of(partition_.topic);
    if (!kind) {
      ++findings_.dead_letters;
      return;
    }
    if (record.key && wire::partition_for_key(*record.key, count_) != partition_.number) {
      ++findings_.misordered;
      note(fmt::format("{}-{} offset {}: the key belongs to another partition", partition_.topic,
                       partition_.number, record.offset));
    }
    for (const auto& header : record.headers) {
      if (header.key != "ce_id" || !header.value) continue;
      const std::string ride(header.value->substr(0, header.value->find('/')));
      if (rides_[ride].in_log[*kind]++ > 0) ++findings_.republished;
    }
  }

  const Partition& partition_;
  const int32_t count_;
  LaneFacts& rides_;
  LogFindings& findings_;
  int64_t next_offset_ = -1;
};

}  // namespace

LogFindings read_log(const fs::path& broker_folder, LaneFacts& rides) {
  LogFindings findings;
  const auto partitions = partitions_in(broker_folder);
  std::map<std::string, int32_t> counts;
  for (const auto& one : partitions) ++counts[one.topic];
  for (const auto& one : partitions) {
    PartitionReader(one, counts[one.topic], rides, findings).read();
  }
  return findings;
}

}  // namespace hailstorm::lab
