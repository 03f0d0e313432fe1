#include <memory>
#include <string>
#include <vector>

#include "broker/storage/log.h"
#include "common/base/check.h"
#include "common/wire/record_batch.h"
#include "tests/fuzz/chunks.h"
#include "tests/fuzz/folder_files.h"
#include "tests/fuzz/targets.h"
#include "tests/support/fake_clock.h"
#include "tests/support/faulty_file_system.h"

namespace hailstorm::fuzz {
namespace {

using storage::Log;

constexpr const char* kFolder = "/rides-0";

void write(testing::FaultyFileSystem& files, const Chunk& chunk) {
  const size_t index = (chunk.tag & ~kPlausibleBatch) % kFolderFiles.size();
  std::vector<uint8_t> bytes(chunk.bytes.begin(), chunk.bytes.end());
  if ((chunk.tag & kPlausibleBatch) != 0) make_batch_plausible(bytes);
  const std::string path = std::string(kFolder) + "/" + std::string(kFolderFiles[index]);
  const auto file = files.open(path, storage::FileSystem::Mode::create);
  HAIL_CHECK(file.ok());
  const auto size = (*file)->size();
  HAIL_CHECK(size.ok() && (*file)->write_at(*size, bytes).ok() && (*file)->sync().ok());
}

Result<std::unique_ptr<Log>> open(testing::FaultyFileSystem& files, const Clock& clock) {
  wire::TopicConfig config;
  config.segment_bytes = 1 << 20;
  return storage::Log::open(files, clock, kFolder, {}, config);
}

/// All batches below the high watermark, one after the other; nothing where a read is refused.
std::vector<uint8_t> read_all(Log& log) {
  std::vector<uint8_t> all;
  int64_t offset = log.start_offset();
  while (offset < log.durable_end().offset) {
    const auto stored = log.read(offset, 1 << 20, log.durable_end());
    if (!stored.ok()) break;  // the clean part is trusted at opening and checked by its readers
    HAIL_CHECK(!stored->bytes.empty());
    Bytes rest = stored->bytes;
    while (!rest.empty()) {
      const auto batch = wire::RecordBatchView::parse_unchecked(rest);
      if (!batch.ok()) return all;
      HAIL_CHECK(batch->last_offset() >= offset);
      offset = batch->last_offset() + 1;
      rest = rest.subspan(batch->size_bytes());
    }
    all.insert(all.end(), stored->bytes.begin(), stored->bytes.end());
  }
  return all;
}

}  // namespace

void recovery(Bytes input) {
  testing::FaultyFileSystem files;
  const testing::FakeClock clock;
  HAIL_CHECK(files.create_folder(kFolder).ok());
  ChunkReader chunks(input);
  while (const auto chunk = chunks.next()) write(files, *chunk);
  HAIL_CHECK(files.sync_folder(kFolder).ok());

  const auto before = files.all_files();
  auto log = open(files, clock);
  if (!log.ok()) {  // refused: then nothing was changed
    HAIL_CHECK(files.all_files() == before);
    return;
  }
  const int64_t end = (*log)->end().offset;
  HAIL_CHECK((*log)->start_offset() <= end);
  const std::vector<uint8_t> first = read_all(**log);
  log = Result<std::unique_ptr<Log>>(std::unique_ptr<Log>());
  files.cut_power();  // what was readable is durable, and recovering again finds the same

  log = open(files, clock);
  HAIL_CHECK(log.ok());
  HAIL_CHECK((*log)->end().offset == end);
  HAIL_CHECK(read_all(**log) == first);

  wire::RecordBatchBuilder builder;
  builder.append(1'000, "key", "value");
  std::vector<uint8_t> batch = builder.finish();
  const auto appended = (*log)->append(batch, storage::kLeaderEpoch);
  HAIL_CHECK(appended.ok() && appended->base_offset == end);
  HAIL_CHECK((*log)->sync().ok() && (*log)->durable_end().offset == end + 1);
  HAIL_CHECK((*log)->close().ok());
}

}  // namespace hailstorm::fuzz
